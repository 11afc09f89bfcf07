import { DateTime } from 'luxon';

/** Whole days until a date, as the calendar of the zone counts them: 0 on the day itself and after it. */
export function daysLeft(nowMs: number, dueAtMs: number, zone: string): number {
  const dayOf = (ms: number) =>
    DateTime.fromMillis(ms, { zone }).startOf('day').setZone('utc', { keepLocalTime: true });
  return Math.max(0, Math.round(dayOf(dueAtMs).diff(dayOf(nowMs), 'days').days));
}
