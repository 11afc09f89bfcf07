import type { QuietHours } from '../contracts/quiet-hours.js';
import { WEEK, weeklyStretches, type Stretch } from './weekly-stretches.js';
import { zoneClock, type ZoneClock } from './zone-clock.js';

export { coversWholeWeek, overlappingWindow } from './weekly-stretches.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MS = WEEK * MINUTE_MS;
/** 1970-01-01, where wall times count from, was a Thursday. */
const THURSDAY_MS = 3 * DAY_MS;
/**
 * No stretch is followed further. Only windows that cover the whole week get here: the longest others leave a minute
 * free each week, of which a clock change or a skipped day can swallow one or two.
 */
const LONGEST_MS = 4 * WEEK_MS;

/**
 * The instant (ms) at which the quiet time that `nowMs` lies in ends; undefined when it is not quiet. Windows that
 * overlap or join are followed to the end of the last. `quietHours.timezone` is not looked at: `zone` is the one that
 * applies (see `decide`).
 *
 * Where the clock is put forward, a window that starts or ends at a time that is skipped does so at the skip. Where it
 * is put back, a window starts at the first showing of its start and ends at the *last* showing of its end: quiet is
 * kept rather than broken. A day that a zone skipped (Pacific/Apia, 2011-12-30) is one long gap and treated as such.
 *
 * Windows that cover the whole week (the API refuses them) answer an instant four to five weeks away, at which it is
 * still quiet.
 *
 * @throws RangeError when `zone` is not an IANA zone known to this runtime.
 */
export function quietUntil(nowMs: number, quietHours: QuietHours, zone: string): number | undefined {
  if (quietHours.windows.length === 0) return undefined;
  const clock = zoneClock(zone);
  if (!clock) throw new RangeError(`unknown time zone: ${zone}`);
  const stretches = weeklyStretches(quietHours.windows);
  let untilMs = nowMs;
  while (untilMs - nowMs < LONGEST_MS) {
    // Once is not always enough: around a clock change, stretches that do not touch on the wall may do so in time.
    const endMs = endOfStretch(untilMs, stretches, clock);
    if (endMs === undefined) break;
    untilMs = endMs;
  }
  return untilMs > nowMs ? untilMs : undefined;
}

/** The end of a stretch that this instant lies in. */
function endOfStretch(ms: number, stretches: readonly Stretch[], clock: ZoneClock): number | undefined {
  const wallMs = clock.wallAt(ms);
  const mondayMs = Math.floor((wallMs + THURSDAY_MS) / WEEK_MS) * WEEK_MS - THURSDAY_MS;
  for (const weekMs of [mondayMs - WEEK_MS, mondayMs, mondayMs + WEEK_MS]) {
    for (const stretch of stretches) {
      const startMs = weekMs + stretch.start * MINUTE_MS;
      const endMs = weekMs + stretch.end * MINUTE_MS;
      // No clock was ever put on or back by more than a day, so what is further off on the wall is not now.
      if (startMs > wallMs + DAY_MS || endMs < wallMs - DAY_MS) continue;
      if (clock.firstShowing(startMs) > ms) continue;
      const until = clock.lastShowing(endMs);
      if (until > ms) return until;
    }
  }
  return undefined;
}
