import { dayNames, type DayName, type QuietWindow } from '../contracts/quiet-hours.js';

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

/**
 * The first window, by its place among them, that has minutes in common with an earlier one, and the day on which the
 * later of the two begins; undefined where none do. Windows that only join are none.
 */
export function overlappingWindow(
  windows: readonly QuietWindow[],
): { at: number; earlier: number; day: DayName } | undefined {
  const stretches = windows.flatMap((window, at) => minutesOf(window).map((stretch) => ({ ...stretch, at })));
  for (const [index, one] of stretches.entries()) {
    for (const other of stretches.slice(0, index)) {
      // In the week at hand, or where one of them reaches over its end.
      const shared = [-WEEK, 0, WEEK].some((by) => one.start < other.end + by && other.start + by < one.end);
      if (!shared) continue;
      const day = dayNames[Math.floor(Math.max(one.start, other.start) / DAY)];
      return { at: one.at, earlier: other.at, day: day ?? 'mon' };
    }
  }
  return undefined;
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
