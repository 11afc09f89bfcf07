import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { emptyPanel } from '../../parts/failure.js';
import { filterBar, type Filter } from '../../parts/filters.js';
import { formStyles } from '../../parts/form-styles.js';
import { loadedPage } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { href } from '../../addresses.js';
import { table } from '../../parts/table.js';
import { timeAgo } from '../../parts/time.js';
import { differences, inOneCell, type Difference } from './differences.js';
import { english, type AuditText } from './messages-en.js';

addMessages('en', english);

interface Entry {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
}

const LIMIT = 30;

/** `/console/audit`: who changed or did what, with what it was before and after. */
export class ConsoleAudit extends ConsolePage<AuditText> {
  static override styles = [
    ...ConsolePage.styles,
    formStyles,
    css`
      .trail > li {
        padding: 11px 16px;
      }
      .trail > li + li {
        border-block-start: 1px solid var(--c-line);
      }
      .what {
        display: grid;
        grid-template-columns: minmax(0, 13em) minmax(0, 1fr) auto;
        gap: 2px 16px;
        align-items: baseline;
      }
      .what > code {
        font-size: 12.5px;
        font-weight: 600;
      }
      .what > time,
      .what > span {
        color: var(--c-muted);
      }
      .what a {
        overflow-wrap: anywhere;
        color: var(--c-text);
      }
      summary {
        width: max-content;
        margin-block-start: 4px;
        color: var(--c-accent);
        font-size: 13px;
        cursor: pointer;
      }
      .diff {
        margin-block-start: 8px;
        border: 1px solid var(--c-line);
        border-radius: 8px;
      }
      .diff td {
        vertical-align: top;
        font-size: 12.5px;
      }
      del,
      ins {
        text-decoration: none;
        background: color-mix(in oklab, var(--tone) 9%, var(--c-background));
        border-radius: 4px;
        padding: 1px 5px;
        display: block;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      del {
        --tone: var(--c-error);
      }
      ins {
        --tone: var(--c-success);
      }
      @media (max-width: 720px) {
        .what {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .what > .actor {
          grid-area: 2 / 1 / auto / span 2;
        }
      }
    `,
  ];

  private readonly list = new Loader<Page<Entry>>(this, (signal) => {
    const query = { limit: LIMIT, ...Object.fromEntries(this.query) };
    return this.context.api.get('/v1/audit', query, signal);
  });

  override get heading(): string {
    return this.texts.t('audit.title');
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.list.restart();
  }

  protected override render(): TemplateResult {
    const { texts, icons, query, context, list } = this;
    const path = href('audit');
    const drawing = { texts, icons };
    return html`<div class="page">
      ${this.head({ text: texts.t('audit.text') })}
      ${filterBar(drawing, this.filters(), { query, path, context })}
      ${loadedPage(drawing, list, { query, path, lines: 10 }, (items) => this.trail(items))}
    </div>`;
  }

  private filters(): Filter[] {
    const { texts } = this;
    return [
      { name: 'actor', label: texts.t('audit.actor'), placeholder: 'key_…' },
      { name: 'action', label: texts.t('audit.action'), placeholder: 'template.published' },
      { name: 'subject', label: texts.t('audit.subject'), placeholder: 'email/smtp' },
      { name: 'from', label: texts.t('audit.from'), type: 'datetime-local' },
      { name: 'to', label: texts.t('audit.to'), type: 'datetime-local' },
    ];
  }

  private trail(items: readonly Entry[]): TemplateResult {
    const { texts, icons } = this;
    if (items.length === 0) {
      const what = this.query.size > 0 ? 'audit.none' : 'audit.empty';
      return emptyPanel({ texts, icons }, texts.t(what), texts.t(`${what}Text`), 'trail');
    }
    return html`<ul class="panel trail">
      ${items.map((entry) => this.entry(entry))}
    </ul>`;
  }

  private entry({ id, at, actor, action, subject, before, after }: Entry): TemplateResult {
    const { texts } = this;
    const changes = differences(before, after);
    return html`<li data-id=${id}>
      <div class="what">
        <code>${action}</code>
        <a href=${href('audit', { subject })}>${subject}</a>
        ${timeAgo(at, texts.lang)}
        <span class="actor small">${actor}</span>
      </div>
      ${
        changes.length === 0
          ? nothing
          : html`<details>
              <summary>${texts.t('audit.changes', { count: changes.length })}</summary>
              ${this.diff(changes)}
            </details>`
      }
    </li>`;
  }

  private diff(changes: readonly Difference[]): TemplateResult {
    const { texts } = this;
    const absent = html`<span class="muted">${texts.t('audit.absent')}</span>`;
    const rows = changes.map(
      ({ path, before, after }) =>
        html`<tr>
          <td><code>${path || '–'}</code></td>
          <td>${before === undefined ? absent : html`<del>${inOneCell(before)}</del>`}</td>
          <td>${after === undefined ? absent : html`<ins>${inOneCell(after)}</ins>`}</td>
        </tr>`,
    );
    const columns = (['audit.field', 'audit.before', 'audit.after'] as const).map(
      (label) => [texts.t(label)] as const,
    );
    return html`<div class="diff scroll">${table(columns, rows)}</div>`;
  }
}

customElements.define('console-audit', ConsoleAudit);
