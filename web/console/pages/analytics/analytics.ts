import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { addMessages } from '../../../elements/shared/i18n.js';
import type { Page } from '../../api.js';
import { bar } from '../../bar.js';
import { channelChoices } from '../../choices.js';
import { empty, failure, skeleton } from '../../failure.js';
import { filterBar, type Filter } from '../../filters.js';
import { formStyles } from '../../form-styles.js';
import { channelIcon } from '../../icons.js';
import { Loader } from '../../loader.js';
import { ConsolePage } from '../../page.js';
import { href } from '../../addresses.js';
import { duration, timeAgo } from '../../time.js';
import { channelInWords, plain, reasonInWords } from '../../words.js';
import './chart.js';
import type { Series } from './chart.js';
import { heatmap } from './heatmap.js';
import { english, type AnalyticsText } from './messages-en.js';
import { percent, type Analytics, type Breakdown, type Day } from './shapes.js';
import { analyticsStyles } from './styles.js';

addMessages('en', english);

const ranges = ['7', '30', '90'];
const EVERY_MS = 60_000;
/** Rows of a list of parts. */
const SHOWN = 10;

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
    const { value, error } = figures;
    return html`<div class="page">
      <div class="head">
        <div>
          <h1 tabindex="-1">${this.heading}</h1>
          ${value ? this.period(value) : nothing}
        </div>
        ${this.ranges()}
      </div>
      ${this.filters()} ${error ? failure({ texts, icons }, error, () => void figures.load()) : nothing}
      ${value ? this.contents(value) : error ? nothing : html`<div class="panel">${skeleton(texts, 10)}</div>`}
    </div>`;
  }

  private period({ from, to, timezone, as_of: asOf }: Analytics): TemplateResult {
    const { texts } = this;
    const day = (iso: string) =>
      new Date(iso).toLocaleDateString(texts.lang, { day: 'numeric', month: 'long', timeZone: timezone });
    return html`<p>
      ${texts.t('analytics.period', { from: day(from), to: day(to), zone: timezone })}
      ${asOf === null ? nothing : html`${texts.t('analytics.asOf')} ${timeAgo(asOf, texts.lang)}.`}
    </p>`;
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
    const { texts, icons } = this;
    if (figures.total_sent + figures.total_failed === 0)
      return html`<div class="panel">
        ${empty({ texts, icons }, texts.t('analytics.empty'), texts.t('analytics.emptyText'), 'chart')}
      </div>`;
    return html`
      ${this.tiles(figures)} ${this.volume(figures.daily)}
      <div class="columns">
        ${this.line('analytics.rateByDay', figures.daily, 'good', {
          of: ({ success_rate: rate }) => rate,
          format: (value) => percent(value, texts.lang),
          highest: 1.02,
        })}
        ${this.line('analytics.latencyByDay', figures.daily, 'accent', {
          of: ({ average_latency_ms: ms }) => ms,
          format: (value) => duration(value, texts.lang),
        })}
      </div>
      ${this.heat(figures)}
      <div class="columns">${this.shares(figures)} ${this.patterns(figures)}</div>
      ${this.parts(
        'analytics.types',
        figures.types.map(({ type, ...one }) => ({ name: plain(type), query: { type }, ...one })),
      )}
      ${this.parts(
        'analytics.templates',
        figures.templates.map(({ template, channel, type, ...one }) => ({
          name: `${plain(type)} · ${channelInWords(texts, channel)} · ${template === 'built_in' ? texts.t('analytics.builtIn') : template}`,
          query: { template, channel, type },
          ...one,
        })),
      )}
      ${this.parts(
        'analytics.roles',
        figures.roles.map(({ role, ...one }) => ({ name: role, query: { role }, ...one })),
      )}
    `;
  }

  private tiles(figures: Analytics): TemplateResult {
    const { texts } = this;
    const { lang } = texts;
    const ms = (value: number | null) => (value === null ? '–' : duration(value, lang));
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

  private volume(daily: readonly Day[]): TemplateResult {
    const { texts } = this;
    const sent = daily.map((day) => day.sent);
    const failed = daily.map((day) => day.failed);
    const both = daily.map((day) => day.sent + day.failed);
    // Those that failed stand on top of those that were sent.
    const series: Series[] = [
      { label: texts.t('analytics.failed'), tone: 'bad', kind: 'bars', values: both, told: failed },
      { label: texts.t('analytics.sent'), tone: 'accent', kind: 'bars', values: sent },
    ];
    const format = (value: number) => value.toLocaleString(texts.lang);
    return this.figure('analytics.daily', daily, series, {
      format,
      columns: [
        { label: texts.t('analytics.sent'), values: sent },
        { label: texts.t('analytics.failed'), values: failed },
      ],
    });
  }

  private line(
    title: AnalyticsText,
    daily: readonly Day[],
    tone: Series['tone'],
    {
      of,
      format,
      highest,
    }: { of: (day: Day) => number | null; format: (value: number) => string; highest?: number },
  ): TemplateResult {
    const label = this.texts.t(title);
    const values = daily.map(of);
    const series: Series[] = [{ label, tone, kind: 'line', values }];
    return this.figure(title, daily, series, { format, highest, columns: [{ label, values }] });
  }

  private figure(
    title: AnalyticsText,
    daily: readonly Day[],
    series: readonly Series[],
    {
      format,
      highest,
      columns,
    }: {
      format: (value: number) => string;
      highest?: number | undefined;
      columns: { label: string; values: readonly (number | null)[] }[];
    },
  ): TemplateResult {
    const { texts } = this;
    const name = texts.t(title);
    return html`<section class="panel" aria-labelledby=${title}>
      <header><h2 id=${title}>${name}</h2></header>
      <div class="plot">
        <console-chart
          .days=${daily.map(({ date }) => date)}
          .series=${series}
          .format=${format}
          .highest=${highest}
          .dayLabel=${texts.t('analytics.day')}
        ></console-chart>
      </div>
      <details>
        <summary>${texts.t('analytics.table')}<span class="sr">: ${name}</span></summary>
        <div class="scroll" tabindex="0" role="group" aria-labelledby=${title}>
          <table>
            <thead>
              <tr>
                <th>${texts.t('analytics.day')}</th>
                ${columns.map(({ label }) => html`<th class="number">${label}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${daily.map(
                ({ date }, place) =>
                  html`<tr>
                    <td>${date}</td>
                    ${columns.map(({ values }) => {
                      const value = values[place] ?? null;
                      return html`<td class="number">${value === null ? '–' : format(value)}</td>`;
                    })}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>
    </section>`;
  }

  private heat({ activity_heatmap: counts, timezone }: Analytics): TemplateResult {
    const { texts } = this;
    return html`<section class="panel" aria-labelledby="heatmap">
      <header>
        <h2 id="heatmap">${texts.t('analytics.heatmap')}</h2>
        <span class="muted small">${texts.t('analytics.heatmapText', { zone: timezone })}</span>
      </header>
      <div class="heat">${heatmap(texts, counts)}</div>
    </section>`;
  }

  private shares({ channels, total_sent: total }: Analytics): TemplateResult {
    const { texts, icons } = this;
    const { lang } = texts;
    const ms = (value: number | null) => (value === null ? '–' : duration(value, lang));
    return html`<section class="panel" aria-labelledby="shares">
      <header><h2 id="shares">${texts.t('analytics.shares')}</h2></header>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="shares">
        <table>
          <thead>
            <tr>
              <th>${texts.t('analytics.channel')}</th>
              <th>${texts.t('analytics.share')}</th>
              <th class="number">${texts.t('analytics.sent')}</th>
              <th class="number">${texts.t('analytics.failed')}</th>
              <th class="number">${texts.t('analytics.p50')}</th>
              <th class="number">${texts.t('analytics.p95')}</th>
              <th class="number">${texts.t('analytics.p99')}</th>
            </tr>
          </thead>
          <tbody>
            ${channels.map(({ channel, sent, failed, latency_ms: latency }) => {
              const share = total === 0 ? 0 : sent / total;
              const words = percent(share, lang);
              return html`<tr data-channel=${channel}>
                <td>
                  <span class="with-icon">
                    ${icons.draw(channelIcon(channel))}${channelInWords(texts, channel)}
                  </span>
                </td>
                <td>${bar([{ tone: 'none', share }], words)}<small>${words}</small></td>
                <td class="number">${sent.toLocaleString(lang)}</td>
                <td class="number">${failed.toLocaleString(lang)}</td>
                <td class="number">${ms(latency.p50)}</td>
                <td class="number">${ms(latency.p95)}</td>
                <td class="number">${ms(latency.p99)}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  private patterns({ failure_patterns: patterns }: Analytics): TemplateResult {
    const { texts, icons } = this;
    const { lang } = texts;
    return html`<section class="panel" aria-labelledby="patterns">
      <header><h2 id="patterns">${texts.t('analytics.patterns')}</h2></header>
      ${
        patterns.length === 0
          ? empty({ texts, icons }, texts.t('analytics.noPatterns'), texts.t('analytics.noPatternsText'))
          : html`<table>
              <tbody>
                ${patterns.slice(0, SHOWN).map(
                  ({ failure_reason: failureReason, channel, provider, count, share }) =>
                    html`<tr>
                      <td>
                        <a class="row-link" href=${href('failures', { failureReason, channel, provider })}
                          >${plain(reasonInWords(texts, failureReason))}</a
                        >
                        <small>${channelInWords(texts, channel)} · ${provider}</small>
                      </td>
                      <td>${bar([{ tone: 'bad', share }], percent(share, lang))}</td>
                      <td class="number">${count.toLocaleString(lang)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
    </section>`;
  }

  private parts(
    title: AnalyticsText,
    parts: readonly (Breakdown & { name: string; query: Record<string, string> })[],
  ): TemplateResult | typeof nothing {
    if (parts.length === 0) return nothing;
    const { texts } = this;
    const { lang } = texts;
    const { days } = this;
    return html`<section class="panel" aria-labelledby=${title}>
      <header><h2 id=${title}>${texts.t(title)}</h2></header>
      <div class="scroll" tabindex="0" role="group" aria-labelledby=${title}>
        <table>
          <thead>
            <tr>
              <th>${texts.t('analytics.name')}</th>
              <th class="number">${texts.t('analytics.sent')}</th>
              <th class="number">${texts.t('analytics.failed')}</th>
              <th class="number">${texts.t('analytics.rate')}</th>
              <th class="number wide">${texts.t('analytics.p95')}</th>
              <th class="number wide">${texts.t('analytics.openRate')}</th>
              <th class="number wide">${texts.t('analytics.clickRate')}</th>
            </tr>
          </thead>
          <tbody>
            ${parts.slice(0, SHOWN).map(
              ({ name, query, ...one }) =>
                html`<tr>
                  <td><a class="row-link" href=${href('analytics', { days, ...query })}>${name}</a></td>
                  <td class="number">${one.sent.toLocaleString(lang)}</td>
                  <td class="number">${one.failed.toLocaleString(lang)}</td>
                  <td class="number">${percent(one.success_rate, lang)}</td>
                  <td class="number wide">
                    ${one.latency_ms.p95 === null ? '–' : duration(one.latency_ms.p95, lang)}
                  </td>
                  <td class="number wide">${percent(one.open_rate, lang)}</td>
                  <td class="number wide">${percent(one.click_rate, lang)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${
        parts.length > SHOWN
          ? html`<p class="more">${texts.t('analytics.shown', { count: SHOWN, total: parts.length })}</p>`
          : nothing
      }
    </section>`;
  }
}

customElements.define('console-analytics', ConsoleAnalytics);
