import { html, type TemplateResult } from 'lit';
import type { Drawing } from '../../parts/drawing.js';
import { table } from '../../parts/table.js';
import { duration } from '../../parts/time.js';
import './chart.js';
import type { Series } from './chart.js';
import type { AnalyticsText } from './messages-en.js';
import { percent, type Day } from './shapes.js';

/** A chart, and the table that says the same. */
interface Figure {
  title: AnalyticsText;
  series: readonly Series[];
  /** Of the table, beside the days. */
  columns: { label: string; values: readonly (number | null)[] }[];
  format: (value: number) => string;
  /** What the chart reaches up to at least. */
  highest?: number | undefined;
}

/** How many were sent each day, and how many of them failed. */
export function volumeByDay(drawing: Drawing<AnalyticsText>, daily: readonly Day[]): TemplateResult {
  const { texts } = drawing;
  const sent = daily.map((day) => day.sent);
  const failed = daily.map((day) => day.failed);
  const both = daily.map((day) => day.sent + day.failed);
  return figure(drawing, daily, {
    title: 'analytics.daily',
    // Those that failed stand on top of those that were sent.
    series: [
      { label: texts.t('analytics.failed'), tone: 'bad', kind: 'bars', values: both, told: failed },
      { label: texts.t('analytics.sent'), tone: 'accent', kind: 'bars', values: sent },
    ],
    columns: [
      { label: texts.t('analytics.sent'), values: sent },
      { label: texts.t('analytics.failed'), values: failed },
    ],
    format: (value) => value.toLocaleString(texts.lang),
  });
}

/** How well it went each day, and how fast. */
export function chartsByDay(drawing: Drawing<AnalyticsText>, daily: readonly Day[]): TemplateResult[] {
  const { lang } = drawing.texts;
  return [
    line(drawing, daily, {
      title: 'analytics.rateByDay',
      tone: 'good',
      of: ({ success_rate: rate }) => rate,
      format: (value) => percent(value, lang),
      highest: 1.02,
    }),
    line(drawing, daily, {
      title: 'analytics.latencyByDay',
      tone: 'accent',
      of: ({ average_latency_ms: ms }) => ms,
      format: (value) => duration(value, lang),
    }),
  ];
}

function line(
  drawing: Drawing<AnalyticsText>,
  daily: readonly Day[],
  {
    title,
    tone,
    of,
    ...rest
  }: Pick<Figure, 'title' | 'format' | 'highest'> & {
    tone: Series['tone'];
    of: (day: Day) => number | null;
  },
): TemplateResult {
  const label = drawing.texts.t(title);
  const values = daily.map(of);
  const series: Series[] = [{ label, tone, kind: 'line', values }];
  return figure(drawing, daily, { title, series, columns: [{ label, values }], ...rest });
}

function figure(
  { texts }: Drawing<AnalyticsText>,
  daily: readonly Day[],
  { title, series, columns, format, highest }: Figure,
): TemplateResult {
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
        ${table(
          [[texts.t('analytics.day')], ...columns.map(({ label }) => [label, 'number'] as const)],
          daily.map(
            ({ date }, place) =>
              html`<tr>
                <td>${date}</td>
                ${columns.map(({ values }) => {
                  const value = values[place] ?? null;
                  return html`<td class="number">${value === null ? '–' : format(value)}</td>`;
                })}
              </tr>`,
          ),
        )}
      </div>
    </details>
  </section>`;
}
