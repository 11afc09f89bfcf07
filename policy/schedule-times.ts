import type { CalendarTimes } from './cron.js';
import { zoneClock } from './zone-clock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** As far as is looked: 29 February on a given day of the week comes within 40 years, even across 2100. */
const LONGEST_MS = 41 * 366 * DAY_MS;
/** Times looked at for the shortest distance between two. */
const MOST_TIMES = 2_000;

/** The distance of a schedule's times that have at most one. */
export const ONLY_ONCE_MS = Infinity;

/** Instants between which a schedule's times count. */
export interface Bounds {
  fromMs: number;
  untilMs?: number;
}

/**
 * The instants of a schedule in order, as Temporal finds them: a wall-clock time that a change to summer time skips is
 * none. One that comes twice in autumn stands here once, its first time.
 */
export function* scheduleTimes(
  calendars: readonly CalendarTimes[],
  zone: string,
  { fromMs, untilMs = fromMs + LONGEST_MS }: Bounds,
): Generator<number, void, void> {
  const clock = zoneClock(zone);
  if (!clock) return;
  const end = Math.min(untilMs, fromMs + LONGEST_MS);
  let dayMs = Math.floor(clock.wallAt(fromMs) / DAY_MS) * DAY_MS;
  for (; dayMs <= end + DAY_MS; dayMs += DAY_MS) {
    for (const minuteOfDay of minutesOn(calendars, new Date(dayMs))) {
      const wallMs = dayMs + minuteOfDay * MINUTE_MS;
      const atMs = clock.firstShowing(wallMs);
      if (clock.wallAt(atMs) !== wallMs || atMs < fromMs) continue;
      if (atMs > end) return;
      yield atMs;
    }
  }
}

/** The shortest distance of two times that follow each other, in milliseconds; undefined where there is no time at all. */
export function shortestDistance(
  calendars: readonly CalendarTimes[],
  zone: string,
  bounds: Bounds,
): number | undefined {
  let shortest: number | undefined;
  let before: number | undefined;
  let seen = 0;
  for (const atMs of scheduleTimes(calendars, zone, bounds)) {
    shortest = before === undefined ? ONLY_ONCE_MS : Math.min(shortest ?? ONLY_ONCE_MS, atMs - before);
    before = atMs;
    seen += 1;
    if (shortest <= MINUTE_MS || seen >= MOST_TIMES) break;
  }
  return shortest;
}

function minutesOn(calendars: readonly CalendarTimes[], day: Date): number[] {
  const minutes = new Set<number>();
  for (const times of calendars) {
    const counts =
      times.months.includes(day.getUTCMonth() + 1) &&
      times.dates.includes(day.getUTCDate()) &&
      times.days.includes(day.getUTCDay());
    if (!counts) continue;
    for (const hour of times.hours) for (const minute of times.minutes) minutes.add(hour * 60 + minute);
  }
  return [...minutes].sort((one, other) => one - other);
}
