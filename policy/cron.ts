/** Wall-clock times: each minute whose parts are all in these lists, which are sorted. */
export interface CalendarTimes {
  minutes: readonly number[];
  hours: readonly number[];
  /** Days of the month, 1-31. */
  dates: readonly number[];
  /** 1-12. */
  months: readonly number[];
  /** 0 is Sunday. */
  days: readonly number[];
}

/** What is wrong with an expression, to be told to whoever wrote it. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

interface Field {
  name: string;
  from: number;
  to: number;
  names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minute: Field = { name: 'minute', from: 0, to: 59 };
const hour: Field = { name: 'hour', from: 0, to: 23 };
const date: Field = { name: 'day of the month', from: 1, to: 31 };
const month: Field = { name: 'month', from: 1, to: 12, names: MONTHS };
const day: Field = { name: 'day of the week', from: 0, to: 7, names: DAYS };

const shorthands: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Every value of each part. */
export const everyDate = valuesOf('*', date);
export const everyMonth = valuesOf('*', month);
export const everyDay = daysOf('*');

/**
 * The times of a cron expression of five fields (POSIX crontab, with steps, names and `@daily` and alike as cron(8) of
 * Vixie has them). Where both a day of the month and a day of the week are given either is enough, as there.
 * @throws CronError
 */
export function cronTimes(expression: string): CalendarTimes[] {
  const text = expression.trim().toLowerCase();
  if (text.startsWith('@every')) throw new CronError('@every is not taken: give the minutes and hours');
  const fields = (shorthands[text] ?? text).split(/\s+/);
  if (fields.length === 6 || fields.length === 7) {
    throw new CronError('has a field for seconds or years: at most once a minute, in five fields');
  }
  const [minutes, hours, dates, months, days] = fields;
  if (fields.length !== 5 || !minutes || !hours || !dates || !months || !days) {
    throw new CronError('needs five fields: minute, hour, day of the month, month, day of the week');
  }
  const times: CalendarTimes = {
    minutes: valuesOf(minutes, minute),
    hours: valuesOf(hours, hour),
    dates: valuesOf(dates, date),
    months: valuesOf(months, month),
    days: daysOf(days),
  };
  const isEither = !dates.startsWith('*') && !days.startsWith('*');
  return isEither
    ? [
        { ...times, days: everyDay },
        { ...times, dates: everyDate },
      ]
    : [times];
}

/** Sunday is 0 or 7. */
function daysOf(text: string): number[] {
  return [...new Set(valuesOf(text, day).map((value) => value % 7))].sort((one, other) => one - other);
}

function valuesOf(text: string, field: Field): number[] {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|[a-z]+|\d{1,2})(?:-([a-z]+|\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) throw new CronError(`"${part}" is no ${field.name}`);
    const [, first = '', last, step] = match;
    if (first === '*' && last !== undefined) throw new CronError(`"${part}" is no ${field.name}`);
    const from = first === '*' ? field.from : valueOf(first, field);
    const to =
      last !== undefined ? valueOf(last, field) : first === '*' || step !== undefined ? field.to : from;
    if (to < from) throw new CronError(`"${part}" ends before it begins`);
    if (step === '0') throw new CronError(`"${part}" has steps of nothing`);
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return [...values].sort((one, other) => one - other);
}

function valueOf(text: string, { name, from, to, names }: Field): number {
  const named = names?.indexOf(text) ?? -1;
  const value = named >= 0 ? named + (from === 0 ? 0 : 1) : Number(text);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new CronError(`"${text}" is no ${name}`);
}
