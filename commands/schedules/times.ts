import type { CalendarSpec, ScheduleOptions } from '@temporalio/client';
import { CarillonError, invalid } from '../../contracts/errors.js';
import type { Overlap } from '../../contracts/schedules.js';
import type { ScheduleContent, ScheduleTimes } from '../../models/schedules.js';
import {
  CronError,
  cronTimes,
  everyDate,
  everyDay,
  everyMonth,
  type CalendarTimes,
} from '../../policy/cron.js';
import { scheduleTimes, shortestDistance, type Bounds } from '../../policy/schedule-times.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const dayNumbers = { sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 } as const;
const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;
const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;

type Timing = Pick<ScheduleContent, 'times' | 'timezone' | 'jitterMs' | 'startAt' | 'endAt'>;

/**
 * Checks that a schedule will send, and that its times are further apart than its jitter.
 * @throws CarillonError `validation_failed` for what cannot be read; `unprocessable` for what never comes.
 */
export function checkTimes(timing: Timing, nowMs: number): void {
  const { startAt, endAt, jitterMs, timezone } = timing;
  if (startAt && endAt && endAt <= startAt) throw invalid('endAt', 'is not after startAt');
  const calendars = calendarsOf(timing);
  const distance = shortestDistance(calendars, timezone, boundsOf(timing, nowMs));
  if (distance === undefined) throw never(timing, calendars, nowMs);
  if (jitterMs >= distance)
    throw invalid('jitter', `is not less than the ${distance / 1000} s between two of its times`);
}

/** How many times it has from one instant to another, both included; no more than `most` are counted. */
export function countTimes(timing: Timing, bounds: Required<Bounds>, most: number): number {
  let count = 0;
  for (const _ of scheduleTimes(calendarsOf(timing), timing.timezone, bounds)) {
    count += 1;
    if (count >= most) break;
  }
  return count;
}

/** A schedule's times in Temporal's form. */
export function temporalSpec(timing: Timing): ScheduleOptions['spec'] {
  const { startAt, endAt, jitterMs, timezone } = timing;
  return {
    calendars: calendarsOf(timing).map(temporalCalendar),
    // Names are taken in any case here, and in their own by the server.
    timezone: new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone,
    ...(jitterMs > 0 ? { jitter: jitterMs } : {}),
    ...(startAt ? { startAt } : {}),
    ...(endAt ? { endAt } : {}),
  };
}

const temporalOverlap = { skip: 'SKIP', buffer: 'BUFFER_ONE', allow: 'ALLOW_ALL' } as const;

/** What happens to times that meet an earlier run, and to those that were missed. */
export function temporalPolicies(timing: Timing & { overlap: Overlap }, nowMs: number) {
  const distance = shortestDistance(calendarsOf(timing), timing.timezone, boundsOf(timing, nowMs));
  return {
    overlap: temporalOverlap[timing.overlap],
    // After an outage the time that was missed last is made up for, and not a heap of them.
    catchupWindow: Math.min(DAY_MS, Math.max(MINUTE_MS, distance ?? MINUTE_MS)),
  };
}

/** Its overlap policy in Temporal's words. */
export function overlapOf({ overlap }: Pick<ScheduleContent, 'overlap'>) {
  return temporalOverlap[overlap];
}

function boundsOf({ startAt, endAt }: Timing, nowMs: number): Bounds {
  return {
    fromMs: Math.max(nowMs, startAt?.getTime() ?? nowMs),
    ...(endAt ? { untilMs: endAt.getTime() } : {}),
  };
}

function never(timing: Timing, calendars: readonly CalendarTimes[], nowMs: number): CarillonError {
  const path = pathOf(timing);
  const { endAt, ...endless } = timing;
  const isCutOff =
    endAt && shortestDistance(calendars, timing.timezone, boundsOf(endless, nowMs)) !== undefined;
  const message = isCutOff ? 'is before the first of its times' : 'never comes: there is no such day';
  return new CarillonError('unprocessable', `the schedule would never send: ${message}`, [
    { path: isCutOff ? 'endAt' : path, message },
  ]);
}

function pathOf({ times }: Timing): 'cron' | 'calendar' {
  return 'cron' in (JSON.parse(times) as ScheduleTimes) ? 'cron' : 'calendar';
}

/** @throws CarillonError `validation_failed` */
function calendarsOf(timing: Pick<Timing, 'times'>): CalendarTimes[] {
  const times = JSON.parse(timing.times) as ScheduleTimes;
  if ('calendar' in times) return calendarsAt(times.calendar);
  try {
    return cronTimes(times.cron);
  } catch (error) {
    if (error instanceof CronError) throw invalid('cron', error.message);
    throw error;
  }
}

/** One for each minute of the hour: its hours go together. */
function calendarsAt({ at, days, dates, months }: Extract<ScheduleTimes, { calendar: unknown }>['calendar']) {
  const hours = new Map<number, Set<number>>();
  for (const time of at) {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    hours.set(minute, (hours.get(minute) ?? new Set()).add(hour));
  }
  return [...hours].map(([minute, some]): CalendarTimes => ({
    minutes: [minute],
    hours: [...some].sort((one, other) => one - other),
    dates: dates ?? everyDate,
    months: months ?? everyMonth,
    days: days?.map((day) => dayNumbers[day]) ?? everyDay,
  }));
}

function temporalCalendar({ minutes, hours, dates, months, days }: CalendarTimes): CalendarSpec {
  return {
    minute: [...minutes],
    hour: [...hours],
    dayOfMonth: dates.length === everyDate.length ? '*' : [...dates],
    month: months.length === everyMonth.length ? '*' : months.map((month) => MONTHS[month - 1] ?? 'JANUARY'),
    dayOfWeek: days.length === everyDay.length ? '*' : days.map((day) => DAYS[day] ?? 'SUNDAY'),
  };
}
