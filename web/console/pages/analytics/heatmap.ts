import { html, type TemplateResult } from 'lit';
import type { Drawing, Texts } from '../../parts/drawing.js';
import type { AnalyticsText } from './messages-en.js';
import type { Analytics } from './shapes.js';

/** Shades beside the empty one. */
const LEVELS = 5;
const HOURS_NAMED = 3;

/** When things were sent: by weekday and hour. */
export function heatmapPanel(
  { texts }: Drawing<AnalyticsText>,
  { activity_heatmap: counts, timezone }: Pick<Analytics, 'activity_heatmap' | 'timezone'>,
): TemplateResult {
  return html`<section class="panel" aria-labelledby="heatmap">
    <header>
      <h2 id="heatmap">${texts.t('analytics.heatmap')}</h2>
      <span class="muted small">${texts.t('analytics.heatmapText', { zone: timezone })}</span>
    </header>
    <div class="heat">${heatmap(texts, counts)}</div>
  </section>`;
}

/** Seven rows of hours, as a table: the darker, the more was sent. */
function heatmap(texts: Texts<AnalyticsText>, counts: readonly (readonly number[])[]): TemplateResult {
  const { lang } = texts;
  const most = Math.max(1, ...counts.flat());
  return html`<div class="scroll" tabindex="0" role="group" aria-labelledby="heatmap">
    <table class="heatmap">
      <thead>
        <tr>
          <td></td>
          ${Array.from({ length: 24 }, (_, hour) => html`<th scope="col"><span class=${hour % HOURS_NAMED === 0 ? '' : 'sr'}>${hour}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${counts.map((hours, weekday) => {
          const day = weekdayName(weekday, lang);
          return html`<tr>
            <th scope="row">${day}</th>
            ${hours.map(
              (count, hour) =>
                html`<td
                  class="l${levelOf(count, most)}"
                  title=${texts.t('analytics.cell', { day, hour, count })}
                >
                  <span class="sr">${count.toLocaleString(lang)}</span>
                </td>`,
            )}
          </tr>`;
        })}
      </tbody>
    </table>
    <p class="scale" aria-hidden="true">
      ${texts.t('analytics.less')}
      ${Array.from({ length: LEVELS + 1 }, (_, level) => html`<i class="l${level}"></i>`)}
      ${texts.t('analytics.more')}
    </p>
  </div>`;
}

/** 0 for nothing, then by even parts of the most. */
export function levelOf(count: number, most: number): number {
  return count <= 0 ? 0 : Math.max(1, Math.ceil((count / most) * LEVELS));
}

/** From Monday, 0, on. */
function weekdayName(weekday: number, lang: string): string {
  // 5 January 1970 was a Monday.
  return new Date(Date.UTC(1970, 0, 5 + weekday)).toLocaleDateString(lang, {
    weekday: 'short',
    timeZone: 'UTC',
  });
}
