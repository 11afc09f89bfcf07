import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { DayName, QuietWindow } from '../../client/shapes.js';
import type { Icons } from '../shared/icons.js';
import { dayLabel, dayNames, type Texts } from './names.js';

export interface QuietWindowView {
  texts: Texts;
  icons: Icons;
  window: QuietWindow;
  /** Counted from one. */
  number: number;
  isRefused: boolean;
  problem: unknown;
  /** Something was picked. */
  change: (window: QuietWindow) => void;
  /** A time is being typed; it may not be whole yet. */
  type: (window: QuietWindow) => void;
  remove: () => void;
}

/** One window of quiet hours, to be changed. */
export function quietWindow(view: QuietWindowView): TemplateResult {
  const { texts, icons, window, number, problem, remove } = view;
  const title = texts.t('quiet.window', { number });
  return html`<li>
    <div class="window" role="group" aria-label=${title}>
      ${days(view)}
      <div class="times">
        ${time(view, 'start')} <span aria-hidden="true">–</span> ${time(view, 'end')}
        <span class="hint" id="span-${number}">${spanHint(texts, window)}</span>
      </div>
      <button class="quiet" aria-label=${texts.t('quiet.remove', { number })} @click=${remove}>
        ${icons.draw('trash')}
      </button>
    </div>
    ${problem}
  </li>`;
}

function days({ texts, window, change }: QuietWindowView): TemplateResult {
  const toggle = (day: DayName) => {
    const chosen = dayNames.filter((one) => (one === day) !== window.days.includes(one));
    // A window begins on some day; to have none of it is to remove it.
    if (chosen.length > 0) change({ ...window, days: chosen });
  };
  return html`<div class="days" role="group" aria-label=${texts.t('quiet.days')}>
    ${dayNames.map(
      (day) =>
        html`<button
          class="day"
          aria-pressed=${window.days.includes(day) ? 'true' : 'false'}
          title=${dayLabel(day, texts.lang, 'long')}
          @click=${() => toggle(day)}
        >
          ${dayLabel(day, texts.lang, 'short')}
        </button>`,
    )}
  </div>`;
}

function time(
  { texts, window, isRefused, number, type }: QuietWindowView,
  edge: 'start' | 'end',
): TemplateResult {
  return html`<input
    type="time"
    required
    aria-label=${texts.t(edge === 'start' ? 'quiet.from' : 'quiet.to')}
    aria-invalid=${isRefused ? 'true' : 'false'}
    aria-describedby=${isRefused ? 'problem' : edge === 'end' ? `span-${number}` : nothing}
    .value=${live(window[edge])}
    @input=${(event: Event) => type({ ...window, [edge]: (event.target as HTMLInputElement).value })}
  />`;
}

function spanHint(texts: Texts, { start, end }: QuietWindow): string {
  if (start === end) return texts.t('quiet.wholeDay');
  return start && end && end < start ? texts.t('quiet.nextDay') : '';
}
