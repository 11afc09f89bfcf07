import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../calls/api.js';
import { channelChoices } from '../../parts/choices.js';
import type { Drawing } from '../../parts/drawing.js';
import { emptyPanel } from '../../parts/failure.js';
import { filterBar, type Filter } from '../../parts/filters.js';
import { formStyles } from '../../parts/form-styles.js';
import { loaded } from '../../parts/loaded.js';
import { Loader } from '../../calls/loader.js';
import { ConsolePage } from '../../parts/page.js';
import { href } from '../../addresses.js';
import { timeAgo } from '../../parts/time.js';
import { plain } from '../../parts/words.js';
import { partsPanels, patternsPanel, sharesPanel } from './breakdowns.js';
import { chartsByDay, volumeByDay } from './by-day.js';
import { heatmapPanel } from './heatmap.js';
import { english, type AnalyticsText } from './messages-en.js';
import { latency, percent, type Analytics } from './shapes.js';
import { analyticsStyles } from './styles.js';

addMessages('en', english);

const ranges = ['7', '30', '90'];
const EVERY_MS = 60_000;

/** `/console/analytics`: what was sent in a period, how fast, and what failed. */
export class ConsoleAnalytics extends ConsolePage<AnalyticsText> {
  static override styles = [...ConsolePage.styles, formStyles, analyticsStyles];

  private readonly figures = new Loader<Analytics>(this, (signal) => {
    const query = { days: this.days, ...Object.fromEntries(this.query) };
    return this.context.api.get('/v1/analytics', query, signal);
  });
  private readonly types = new Loader<string[]>(this, async (signal) => {
    const { items } = await this.context.api.get<Page<{ name: string }>>('/v1/types', { limit: 100 }, signal);
    return items.map(({ name }) => name);
  });

  override get heading(): string {
    return this.texts.t('analytics.title');
  }

  private get days(): string {
    return this.query.get('days') ?? '30';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.figures.every(EVERY_MS);
    void this.types.load();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) void this.figures.load();
  }

  protected override render(): TemplateResult {
    const { texts, icons, figures } = this;
    const { value } = figures;
    return html`<div class="page">
      ${this.head({ text: value && this.period(value), actions: this.ranges() })} ${this.filters()}
      ${loaded({ texts, icons }, figures, (one) => this.contents(one), 10)}
    </div>`;
  }

  private period({ from, to, timezone, as_of: asOf }: Analytics): TemplateResult {
    const { texts } = this;
    const day = (iso: string) =>
      new Date(iso).toLocaleDateString(texts.lang, { day: 'numeric', month: 'long', timeZone: timezone });
    return html`${texts.t('analytics.period', { from: day(from), to: day(to), zone: timezone })}
    ${asOf === null ? nothing : html`${texts.t('analytics.asOf')} ${timeAgo(asOf, texts.lang)}.`}`;
  }

  private ranges(): TemplateResult {
    const { texts } = this;
    const others = Object.fromEntries(this.query);
    return html`<nav class="tabs" aria-label=${texts.t('analytics.range')}>
      ${ranges.map(
        (days) =>
          html`<a
            href=${href('analytics', { ...others, days })}
            aria-current=${days === this.days ? 'true' : nothing}
            >${texts.t('analytics.days', { count: Number(days) })}</a
          >`,
      )}
    </nav>`;
  }

  private filters(): TemplateResult {
    const { texts, icons, query, context } = this;
    const asked = query.get('type');
    const named = [...new Set([...(this.types.value ?? []), ...(asked === null ? [] : [asked])])];
    const filters: Filter[] = [
      {
        name: 'channel',
        label: texts.t('analytics.channel'),
        options: channelChoices(texts),
      },
      {
        name: 'type',
        label: texts.t('analytics.type'),
        options: named.map((value) => ({ value, label: plain(value) })),
      },
      { name: 'role', label: texts.t('analytics.role'), placeholder: 'manager' },
      { name: 'template', label: texts.t('analytics.template'), placeholder: 'tpv_…' },
    ];
    return filterBar({ texts, icons }, filters, { query, path: href('analytics'), context });
  }

  private contents(figures: Analytics): TemplateResult {
    const { texts, icons, days } = this;
    const drawing = { texts, icons };
    if (figures.total_sent + figures.total_failed === 0)
      return emptyPanel(drawing, texts.t('analytics.empty'), texts.t('analytics.emptyText'), 'chart');
    return html`
      ${tiles(drawing, figures)} ${volumeByDay(drawing, figures.daily)}
      <div class="columns">${chartsByDay(drawing, figures.daily)}</div>
      ${heatmapPanel(drawing, figures)}
      <div class="columns">${sharesPanel(drawing, figures)} ${patternsPanel(drawing, figures)}</div>
      ${partsPanels(drawing, figures, days)}
    `;
  }
}

function tiles({ texts }: Drawing<AnalyticsText>, figures: Analytics): TemplateResult {
  const { lang } = texts;
  const ms = (value: number | null) => latency(value, lang);
  const { p50, p95, p99 } = figures.latency_ms;
  const tiles: [AnalyticsText, string, string?][] = [
    ['analytics.sent', figures.total_sent.toLocaleString(lang)],
    ['analytics.failed', figures.total_failed.toLocaleString(lang)],
    ['analytics.rate', percent(figures.success_rate, lang), texts.t('analytics.rateText')],
    ['analytics.p50', ms(p50)],
    ['analytics.p95', ms(p95), `${texts.t('analytics.p99')} ${ms(p99)}`],
    ['analytics.openRate', percent(figures.open_rate, lang), texts.t('analytics.openText')],
    ['analytics.clickRate', percent(figures.click_rate, lang), texts.t('analytics.openText')],
  ];
  return html`<ul class="tiles">
    ${tiles.map(
      ([label, value, text]) =>
        html`<li class="panel tile">
          <span>${texts.t(label)}</span><b>${value}</b><small class="muted">${text}</small>
        </li>`,
    )}
  </ul>`;
}

customElements.define('console-analytics', ConsoleAnalytics);
