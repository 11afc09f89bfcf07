import { html, type TemplateResult } from 'lit';
import { fullTime, relativeTime } from '../../elements/shared/relative-time.js';

const units: [Intl.RelativeTimeFormatUnit, seconds: number, until: number][] = [
  ['second', 1, 60],
  ['minute', 60, 3_600],
  ['hour', 3_600, 172_800],
  ['day', 86_400, Infinity],
];

/** "5 min ago", "in 3 hr", with the whole date and time in its title; a dash where there is none. */
export function timeAgo(iso: string | null | undefined, lang: string): TemplateResult {
  if (!iso) return html`<span class="muted">–</span>`;
  const ahead = (Date.parse(iso) - Date.now()) / 1000;
  const text = ahead > 0 ? inTime(ahead, lang) : relativeTime(iso, lang);
  return html`<time datetime=${iso} title=${fullTime(iso, lang)}>${text}</time>`;
}

/** "in 40 min"; of more than two days in days. */
export function inTime(seconds: number, lang: string): string {
  const format = new Intl.RelativeTimeFormat(lang, { numeric: 'always', style: 'short' });
  const [unit, size] = units.find(([, , until]) => seconds < until) ?? ['day', 86_400];
  return format.format(Math.max(1, Math.round(seconds / size)), unit);
}

/** `14:03:12.480`, with the date where that is not today. */
export function exactTime(iso: string, lang: string): string {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(lang, {
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });
}

/** `480 ms`, `1.2 s`, `4 min`. */
export function duration(ms: number, lang: string): string {
  const [value, unit, digits] =
    ms < 1000
      ? [ms, 'millisecond', 0]
      : ms < 120_000
        ? [ms / 1000, 'second', 1]
        : ms < 7_200_000
          ? [ms / 60_000, 'minute', 0]
          : [ms / 3_600_000, 'hour', 0];
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(lang, options).format(value);
}
