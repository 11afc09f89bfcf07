import type { CollectingCadence } from '../contracts/digests.js';
import { dayNames, type DayName } from '../contracts/quiet-hours.js';
import { zoneClock } from './zone-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 1970-01-01, where wall times count from, was a Thursday. */
const FIRST_DAY = dayNames.indexOf('thu');

/** When a person gets what was collected. */
export interface DigestTime {
  /** `HH:MM` on the wall, for daily and weekly ones. */
  at: string;
  /** For weekly ones. */
  day: DayName;
  /** IANA; an unknown one counts as UTC, since nothing may be lost over it. */
  zone: string;
}

/** Nine in the morning, weekly ones on Mondays. */
export const usualDigestTime: Pick<DigestTime, 'at' | 'day'> = { at: '09:00', day: 'mon' };

/**
 * When the window closes that is open at `nowMs`, in milliseconds; always after it. Hourly ones close at the full hour
 * of the person's wall clock. Where the clock is put forward over the time of day, at the skip; where it is put back,
 * at its first showing.
 */
export function digestEnd(cadence: CollectingCadence, nowMs: number, time: DigestTime): number {
  const clock = zoneClock(time.zone) ?? zoneClock('UTC');
  if (!clock) throw new RangeError('this runtime knows no UTC');
  const wallMs = clock.wallAt(nowMs);
  if (cadence === 'hourly') {
    const hourMs = Math.floor(wallMs / HOUR_MS) * HOUR_MS;
    return firstAfter(
      nowMs,
      [1, 2, 3].map((hours) => clock.firstShowing(hourMs + hours * HOUR_MS)),
    );
  }
  const [hours = 9, minutes = 0] = time.at.split(':').map(Number);
  const today = Math.floor(wallMs / DAY_MS);
  const days = cadence === 'daily' ? [0, 1, 2] : weeklyDays(today, time.day);
  const atMs = hours * HOUR_MS + minutes * MINUTE_MS;
  return firstAfter(
    nowMs,
    days.map((day) => clock.firstShowing((today + day) * DAY_MS + atMs)),
  );
}

/** Days from today to the next such days of the week. */
function weeklyDays(today: number, day: DayName): number[] {
  const ahead = (((dayNames.indexOf(day) - FIRST_DAY - today) % 7) + 7) % 7;
  return [ahead, ahead + 7, ahead + 14];
}

function firstAfter(nowMs: number, candidates: readonly number[]): number {
  const next = candidates.find((ms) => ms > nowMs);
  if (next === undefined) throw new RangeError('a digest closes within two weeks');
  return next;
}
