import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { channelChoices } from '../../parts/choices.js';
import { emptyPanel } from '../../parts/failure.js';
import { filterBar, type Filter } from '../../parts/filters.js';
import { formStyles } from '../../parts/form-styles.js';
import { channelIcon } from '../../parts/icons.js';
import { loadedPage } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { href } from '../../addresses.js';
import { table, type Column } from '../../parts/table.js';
import { timeAgo } from '../../parts/time.js';
import { channelInWords, plain } from '../../parts/words.js';
import { english, type TemplatesText } from './messages-en.js';
import { headingsOfNew } from './new-template.js';
import './new-template.js';
import { placePath, type Kind, type Template } from './shapes.js';

addMessages('en', english);

const kinds: readonly Kind[] = ['templates', 'partials', 'layouts'];
const LIMIT = 30;

/** `/console/templates`: a tenant's own texts, and what they are put together from. */
export class ConsoleTemplates extends ConsolePage<TemplatesText> {
  static override styles = [...ConsolePage.styles, formStyles];

  private isAdding = false;
  private readonly list = new Loader<Page<Template>>(this, (signal) => {
    const { kind: _kind, ...query } = Object.fromEntries(this.query);
    return this.context.api.get(`/v1/${this.kind}`, { limit: LIMIT, ...query }, signal);
  });

  override get heading(): string {
    return this.texts.t('templates.title');
  }

  private get kind(): Kind {
    return kinds.find((one) => one === this.query.get('kind')) ?? 'templates';
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.list.restart();
  }

  protected override render(): TemplateResult {
    const { texts, icons, list, query, context, kind } = this;
    const drawing = { texts, icons };
    const path = href('templates');
    return html`<div class="page">
      ${this.head({
        text: texts.t('templates.text'),
        actions: html`<nav class="tabs" aria-label=${texts.t('templates.kinds')}>
            ${kinds.map(
              (one) =>
                html`<a
                  href=${href('templates', one === 'templates' ? {} : { kind: one })}
                  aria-current=${one === kind ? 'true' : nothing}
                  >${texts.t(`templates.${one}`)}</a
                >`,
            )}
          </nav>
          <button class="button primary" @click=${() => this.add(true)}>
            ${icons.draw('add')}${texts.t(headingsOfNew[kind])}
          </button>`,
      })}
      ${kind === 'templates' ? filterBar(drawing, this.filters(), { query, path, context }) : nothing}
      ${loadedPage(drawing, list, { query, path, lines: 8 }, (items) => this.table(items))}
      ${
        this.isAdding
          ? html`<console-new-template
              .context=${context}
              .kind=${kind}
              @console-close=${() => this.add(false)}
            ></console-new-template>`
          : nothing
      }
    </div>`;
  }

  private add(isAdding: boolean): void {
    this.isAdding = isAdding;
    this.requestUpdate();
  }

  private filters(): Filter[] {
    const { texts } = this;
    return [
      { name: 'type', label: texts.t('templates.type'), placeholder: 'approval_request' },
      {
        name: 'channel',
        label: texts.t('templates.channel'),
        options: channelChoices(texts),
      },
      { name: 'locale', label: texts.t('templates.locale'), placeholder: 'en' },
      {
        name: 'published',
        label: texts.t('templates.state'),
        options: [
          { value: 'true', label: texts.t('templates.yes') },
          { value: 'false', label: texts.t('templates.no') },
        ],
      },
    ];
  }

  private table(items: readonly Template[]): TemplateResult {
    const { texts, icons, kind } = this;
    if (items.length === 0) {
      const isNarrowed = [...this.query.keys()].some((name) => name !== 'kind');
      const all = {
        templates: 'templates.empty',
        partials: 'templates.emptyPartials',
        layouts: 'templates.emptyLayouts',
      } as const;
      const what = isNarrowed ? 'templates.none' : all[kind];
      return emptyPanel({ texts, icons }, texts.t(what), texts.t(`${what}Text`), 'text');
    }
    const named: Column[] =
      kind === 'templates'
        ? [[texts.t('templates.type')], [texts.t('templates.channel')]]
        : [[texts.t('templates.name')]];
    const columns: Column[] = [
      ...named,
      [texts.t('templates.locale')],
      [texts.t('templates.published')],
      [texts.t('templates.latest'), 'wide number'],
      [texts.t('templates.changed'), 'wide end'],
    ];
    const rows = items.map((template) => this.row(template));
    return html`<div class="panel">${table(columns, rows)}</div>`;
  }

  private row({ name, channel, locale, topic, published, latest, updatedAt }: Template): TemplateResult {
    const { texts, icons, kind } = this;
    const place = { kind, name, locale, ...(channel === null ? {} : { channel }) };
    return html`<tr>
      <td>
        <a class="row-link" href=${href(placePath(place), { topic })}
          >${kind === 'templates' ? plain(name) : name}</a
        >
        ${topic === null ? nothing : html`<small>${texts.t('templates.topic', { topic })}</small>`}
      </td>
      ${
        channel === null
          ? nothing
          : html`<td>
              <span class="with-icon"
                >${icons.draw(channelIcon(channel))}${channelInWords(texts, channel)}</span
              >
            </td>`
      }
      <td>${locale}</td>
      <td>
        ${
          published
            ? html`<span class="badge good"
                >${texts.t('templates.version', { version: published.version })}</span
              >`
            : html`<span class="badge">${texts.t('templates.notPublished')}</span>`
        }
      </td>
      <td class="wide number">${latest}</td>
      <td class="wide end">${timeAgo(updatedAt, texts.lang)}</td>
    </tr>`;
  }
}

customElements.define('console-templates', ConsoleTemplates);
