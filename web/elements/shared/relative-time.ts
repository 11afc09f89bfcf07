import type { ReactiveController, ReactiveControllerHost } from 'lit';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
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

const formats = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function cached<F extends Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: () => F): F {
  const format = (formats.get(key) as F | undefined) ?? make();
  formats.set(key, format);
  return format;
}

/** "now", "5 min. ago", "yesterday"; past six days the date, with its year when that is not this one. */
export function relativeTime(iso: string, lang: string, nowMs = Date.now()): string {
  const at = new Date(iso);
  // A clock that is behind the server's shows no future.
  const pastMs = Math.max(0, nowMs - at.getTime());
  const relative = () =>
    cached(`relative ${lang}`, () => new Intl.RelativeTimeFormat(lang, { numeric: 'auto', style: 'short' }));
  if (pastMs < MINUTE_MS) return relative().format(0, 'second');
  if (pastMs < HOUR_MS) return relative().format(-Math.floor(pastMs / MINUTE_MS), 'minute');
  if (pastMs < DAY_MS) return relative().format(-Math.floor(pastMs / HOUR_MS), 'hour');
  if (pastMs < 7 * DAY_MS) return relative().format(-Math.floor(pastMs / DAY_MS), 'day');
  const year = at.getFullYear() === new Date(nowMs).getFullYear() ? undefined : 'numeric';
  return cached(
    `date ${lang} ${year}`,
    () => new Intl.DateTimeFormat(lang, { day: 'numeric', month: 'short', year }),
  ).format(at);
}

/** Date and time in full, for tooltips and for what lies ahead. */
export function fullTime(iso: string, lang: string): string {
  return cached(
    `full ${lang}`,
    () => new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }),
  ).format(new Date(iso));
}
