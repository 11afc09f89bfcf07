import { zoneClock } from './zone-clock.js';

const DAY_MS = 86_400_000;

/**
 * The period (ms since the epoch, start and end) that an instant lies in. Periods of whole days begin at midnight of
 * the zone, counted from 1970-01-01 there; shorter ones, and those that are no whole days, at multiples of their length.
 * An unknown zone counts as UTC.
 */
export function throttlePeriod(
  lengthMs: number,
  nowMs: number,
  zone: string,
): { startMs: number; endMs: number } {
  const clock = lengthMs % DAY_MS === 0 ? (zoneClock(zone) ?? zoneClock('UTC')) : undefined;
  const startOf = (ms: number) => Math.floor(ms / lengthMs) * lengthMs;
  if (!clock) {
    const startMs = startOf(nowMs);
    return { startMs, endMs: startMs + lengthMs };
  }
  const wallMs = startOf(clock.wallAt(nowMs));
  return { startMs: clock.firstShowing(wallMs), endMs: clock.firstShowing(wallMs + lengthMs) };
}
