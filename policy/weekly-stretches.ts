import { dayNames, type QuietWindow } from '../contracts/quiet-hours.js';

const DAY = 24 * 60;
/** Minutes in a week. */
export const WEEK = 7 * DAY;

/** Minutes of wall-clock time since Monday 00:00: `start` is 0-10,079, `end` may reach into the next week. */
export interface Stretch {
  start: number;
  end: number;
}

/**
 * What windows come to in a week: windows that overlap or join are one stretch, over the end of the week too, and
 * whatever the order they come in. Windows that leave no minute free are one stretch of a whole week.
 */
export function weeklyStretches(windows: readonly QuietWindow[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { start, end } of windows
    .flatMap(minutesOf)
    .sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = stretches.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start, end });
  }
  return joinOverWeekEnd(stretches);
}

/** True when windows leave no minute of the week in which anything could be sent: such quiet hours are refused. */
export function coversWholeWeek(windows: readonly QuietWindow[]): boolean {
  return weeklyStretches(windows).some(({ start, end }) => end - start >= WEEK);
}

function minutesOf(window: QuietWindow): Stretch[] {
  const start = minuteOfDay(window.start);
  const end = minuteOfDay(window.end);
  const length = end > start ? end - start : DAY - start + end;
  return window.days.map((day) => {
    const from = dayNames.indexOf(day) * DAY + start;
    return { start: from, end: from + length };
  });
}

function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** The last stretch of a week may run into the first ones of the next. */
function joinOverWeekEnd(stretches: Stretch[]): Stretch[] {
  const last = stretches.at(-1);
  if (!last) return [];
  let joined = 0;
  for (const stretch of stretches) {
    if (stretch === last || stretch.start + WEEK > last.end) break;
    last.end = Math.max(last.end, stretch.end + WEEK);
    joined += 1;
  }
  const rest = stretches.slice(joined);
  return last.end - last.start >= WEEK ? [{ start: 0, end: WEEK }] : rest;
}
