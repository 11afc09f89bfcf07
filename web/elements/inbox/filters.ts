import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { CarillonClient } from '../../client/carillon-client.js';
import type { InboxFilter, Severity } from '../../client/shapes.js';
import { define } from '../shared/define.js';
import { addMessages, Localizer } from '../shared/i18n.js';
import { Icons } from '../shared/icons.js';
import { theme } from '../shared/theme.js';
import { english, type MoreText } from './messages-more-en.js';

addMessages('en', english);

/** Of the filters, those that stand here; the tabs are the inbox's. */
export type Narrowing = Omit<InboxFilter, 'filter'>;
type Span = 'today' | 'week' | 'month' | 'own' | '';

const SEARCH_DELAY_MS = 300;
const severities: Severity[] = ['info', 'success', 'warning', 'error'];

/** Search, category, importance and date. Fires `narrow` with a {@link Narrowing} when one of them was changed. */
export class Filters extends LitElement {
  static override properties = { client: { attribute: false }, value: { attribute: false } };
  static override styles = [
    theme,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        padding: 0 16px 12px;
      }
      .search {
        position: relative;
        flex: 2 1 300px;
      }
      .search svg {
        position: absolute;
        inset-block-start: 8px;
        inset-inline-start: 10px;
        color: var(--c-muted);
        pointer-events: none;
      }
      input,
      select {
        width: 100%;
        height: 34px;
        padding: 0 10px;
        border: 1px solid var(--c-control, var(--c-line));
        border-radius: 8px;
        background: var(--c-raised);
        text-overflow: ellipsis;
      }
      .search input {
        padding-inline-start: 34px;
      }
      input::placeholder {
        color: var(--c-muted);
        opacity: 1;
      }
      label {
        flex: 1 1 116px;
        min-width: 0;
      }
      .dates {
        display: flex;
        flex: 1 1 100%;
        gap: 8px;
      }
      .dates label {
        display: flex;
        align-items: center;
        gap: 8px;
      }
    `,
  ];
  declare client: CarillonClient | undefined;
  declare value: Narrowing;
  private categories: string[] = [];
  private span: Span = '';
  /** As it was last chosen here. */
  private chosen: Narrowing = {};
  private typing?: ReturnType<typeof setTimeout>;
  private readonly localizer = new Localizer<MoreText>(this);
  private readonly icons = new Icons(this);

  constructor() {
    super();
    this.value = {};
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.typing);
  }

  override willUpdate(): void {
    // Cleared from outside.
    if (this.value !== this.chosen && !this.value.from && !this.value.to) this.span = '';
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('client')) void this.loadCategories();
  }

  override render(): TemplateResult {
    const { value } = this;
    const t = this.localizer.t.bind(this.localizer);
    return html`
      <div class="search">
        ${this.icons.draw('search')}
        <input
          type="search"
          aria-label=${t('filters.search')}
          placeholder=${t('filters.search')}
          maxlength="200"
          .value=${value.q ?? ''}
          @input=${(event: InputEvent) => this.typed(event)}
        />
      </div>
      ${this.select(t('filters.category'), value.category ?? '', (category) => this.narrow({ category }), [
        ['', t('filters.anyCategory')],
        ...this.categories.map((name): [string, string] => [name, readable(name)]),
      ])}
      ${this.select(
        t('filters.severity'),
        value.severity ?? '',
        (severity) => this.narrow({ severity: severity as Severity }),
        [
          ['', t('filters.anySeverity')],
          ...severities.map((name): [string, string] => [name, t(`filters.${name}`)]),
        ],
      )}
      ${this.select(t('filters.date'), this.span, (span) => this.chooseSpan(span as Span), [
        ['', t('filters.anyTime')],
        ['today', t('filters.today')],
        ['week', t('filters.week')],
        ['month', t('filters.month')],
        ['own', t('filters.own')],
      ])}
      ${
        this.span === 'own'
          ? html`<div class="dates">
              <label
                >${t('filters.from')}<input
                  type="date"
                  @change=${(event: Event) => this.dated('from', event)}
              /></label>
              <label
                >${t('filters.to')}<input type="date" @change=${(event: Event) => this.dated('to', event)}
              /></label>
            </div>`
          : nothing
      }
    `;
  }

  private select(
    label: string,
    value: string,
    chosen: (value: string | undefined) => void,
    options: [string, string][],
  ) {
    return html`<label>
      <span class="sr">${label}</span>
      <select @change=${(event: Event) => chosen((event.target as HTMLSelectElement).value || undefined)}>
        ${options.map(([name, text]) => html`<option value=${name} ?selected=${name === value}>${text}</option>`)}
      </select>
    </label>`;
  }

  /** The person's own, once; without them there is still everything else. */
  private async loadCategories(): Promise<void> {
    const stats = await this.client?.stats().catch(() => undefined);
    this.categories = Object.keys(stats?.categories ?? {}).sort();
    this.requestUpdate();
  }

  private typed(event: InputEvent): void {
    const q = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.narrow({ q: q || undefined }), SEARCH_DELAY_MS);
  }

  private chooseSpan(span: Span | undefined): void {
    this.span = span ?? '';
    const days = { today: 0, week: 6, month: 29 }[span as string];
    this.narrow({ from: days === undefined ? undefined : startOfDay(new Date(), -days), to: undefined });
  }

  private dated(which: 'from' | 'to', event: Event): void {
    const day = (event.target as HTMLInputElement).value;
    // The last day counts whole.
    const at = day ? startOfDay(new Date(`${day}T00:00`), which === 'to' ? 1 : 0) : undefined;
    this.narrow({ [which]: at });
  }

  private narrow(change: Narrowing): void {
    this.chosen = this.value = { ...this.value, ...change };
    this.dispatchEvent(new CustomEvent<Narrowing>('narrow', { detail: this.value }));
  }
}

/** `contract_dates` as "Contract dates": categories have no other name. */
function readable(category: string): string {
  const words = category.replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** Midnight of the person's device, some days on. */
function startOfDay(day: Date, days: number): string {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).toISOString();
}

define('carillon-filters', Filters);

declare global {
  interface HTMLElementTagNameMap {
    'carillon-filters': Filters;
  }
}
