import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { bar } from '../../parts/bar.js';
import { emptyPanel } from '../../parts/failure.js';
import { filterBar } from '../../parts/filters.js';
import { loadedPage } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { href } from '../../addresses.js';
import type { Broadcast } from '../../calls/shapes.js';
import { badge } from '../../parts/status.js';
import { table } from '../../parts/table.js';
import { timeAgo } from '../../parts/time.js';
import { plain } from '../../parts/words.js';
import { isOver, partsOf } from './broadcast-counts.js';
import { english, type BroadcastsText } from './broadcasts-messages-en.js';

addMessages('en', english);

const BUSY_MS = 3_000;
const CALM_MS = 15_000;
const STATUSES = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled', 'failed'];

/** `/console/broadcasts`: what went to many, and how far each is. */
export class ConsoleBroadcasts extends ConsolePage<BroadcastsText> {
  static override styles = [
    ...ConsolePage.styles,
    css`
      .bar {
        width: 34%;
      }
      .progress rect {
        fill: var(--tone, var(--c-muted));
      }
    `,
  ];

  private readonly list = new Loader<Page<Broadcast>>(
    this,
    (signal) => this.context.api.get('/v1/broadcasts', Object.fromEntries(this.query), signal),
    ({ items }) => this.list.every(items.some((one) => !isOver(one)) ? BUSY_MS : CALM_MS),
  );

  override get heading(): string {
    return this.texts.t('broadcasts.title');
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.list.restart();
  }

  protected override render(): TemplateResult {
    const { texts, icons, query, context, list } = this;
    const drawing = { texts, icons };
    const path = href('broadcasts');
    const options = STATUSES.map((value) => ({ value, label: plain(value) }));
    return html`<div class="page">
      ${this.head({ text: texts.t('broadcasts.text') })}
      ${filterBar(drawing, [{ name: 'status', label: texts.t('broadcasts.status'), options }], {
        query,
        path,
        context,
      })}
      ${loadedPage(drawing, list, { query, path }, (items) => this.table(items))}
    </div>`;
  }

  private table(items: readonly Broadcast[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0) {
      const what = this.query.has('status') ? 'broadcasts.nothing' : 'broadcasts.none';
      return emptyPanel({ texts, icons }, texts.t(what), texts.t(`${what}Text`), 'megaphone');
    }
    return html`<div class="panel">
      ${table(
        [
          [texts.t('broadcasts.name')],
          [texts.t('broadcasts.status')],
          [texts.t('broadcasts.progress'), 'bar wide'],
          [texts.t('broadcasts.started'), 'end'],
        ],
        items.map((one) => this.row(one)),
      )}
    </div>`;
  }

  private row(broadcast: Broadcast): TemplateResult {
    const { texts } = this;
    const { id, name, type, status, processed, total, startedAt, sendAt } = broadcast;
    const progress = texts.t('broadcasts.of', { processed, total: total ?? '?' });
    return html`<tr data-id=${id}>
      <td>
        <a class="row-link" href=${href(`broadcasts/${encodeURIComponent(id)}`)}>${name}</a>
        <small>${plain(type)}<span class="narrow"> · ${progress}</span></small>
      </td>
      <td>${badge(status)}</td>
      <td class="bar wide">${bar(partsOf(broadcast), progress)}<small>${progress}</small></td>
      <td class="end">${timeAgo(startedAt ?? sendAt, texts.lang)}</td>
    </tr>`;
  }
}

customElements.define('console-broadcasts', ConsoleBroadcasts);
