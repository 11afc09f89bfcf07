import type { ReactiveController, ReactiveControllerHost } from 'lit';

const TICK_MS = 30_000;

const hosts = new Set<ReactiveControllerHost>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (document.visibilityState === 'visible') for (const host of hosts) host.requestUpdate();
}

/** Renders its element anew every 30 seconds while the page is visible, and when it becomes so: one timer for all. */
export class Clock implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    hosts.add(this.host);
    if (timer !== undefined) return;
    timer = setInterval(tick, TICK_MS);
    document.addEventListener('visibilitychange', tick);
  }

  hostDisconnected(): void {
    hosts.delete(this.host);
    if (hosts.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    document.removeEventListener('visibilitychange', tick);
  }
}

const dates = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes much longer than using it. */
function date(iso: string, lang: string, options: Intl.DateTimeFormatOptions): string {
  const key = lang + JSON.stringify(options);
  const format = dates.get(key) ?? new Intl.DateTimeFormat(lang, options);
  dates.set(key, format);
  return format.format(new Date(iso));
}

const units: [Intl.RelativeTimeFormatUnit, seconds: number, until: number][] = [
  ['second', 60, 60],
  ['minute', 60, 3_600],
  ['hour', 3_600, 86_400],
  ['day', 86_400, 604_800],
];
const relatives = new Map<string, Intl.RelativeTimeFormat>();

/** "now", "5 min ago", "yesterday"; past six days the date, with its year when that is not this one. */
export function relativeTime(iso: string, lang: string, nowMs = Date.now()): string {
  // A clock that is behind the server's shows no future.
  const past = Math.max(0, (nowMs - Date.parse(iso)) / 1000);
  const format =
    relatives.get(lang) ?? new Intl.RelativeTimeFormat(lang, { numeric: 'auto', style: 'short' });
  relatives.set(lang, format);
  for (const [unit, seconds, until] of units) {
    // The first minute is "now", not counted.
    if (past < until) return format.format(0 - Math.floor(past / seconds), unit);
  }
  const isThisYear = new Date(iso).getFullYear() === new Date(nowMs).getFullYear();
  return date(iso, lang, { day: 'numeric', month: 'short', year: isThisYear ? undefined : 'numeric' });
}

/** Date and time in full, for tooltips and for what lies ahead. */
export function fullTime(iso: string, lang: string): string {
  return date(iso, lang, { dateStyle: 'medium', timeStyle: 'short' });
}
