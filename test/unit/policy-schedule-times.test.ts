import { describe, expect, it } from 'vitest';
import { CronError, cronTimes } from '../../policy/cron.js';
import { scheduleTimes, shortestDistance } from '../../policy/schedule-times.js';

const from = Date.parse('2026-11-21T12:00:00Z');

/** The first times of a cron expression, as UTC shows them. */
function first(cron: string, count: number, zone = 'UTC', fromMs = from): string[] {
  const found: string[] = [];
  for (const atMs of scheduleTimes(cronTimes(cron), zone, { fromMs })) {
    found.push(new Date(atMs).toISOString().slice(0, 16));
    if (found.length === count) break;
  }
  return found;
}

describe('a cron expression', () => {
  it.each<[string, string[]]>([
    ['0 9 * * mon-fri', ['2026-11-23T09:00', '2026-11-24T09:00']],
    ['*/20 13 * * *', ['2026-11-21T13:00', '2026-11-21T13:20', '2026-11-21T13:40', '2026-11-22T13:00']],
    ['5,10 0 1 JAN *', ['2027-01-01T00:05', '2027-01-01T00:10', '2028-01-01T00:05']],
    ['0 8-10/2 * * 7', ['2026-11-22T08:00', '2026-11-22T10:00', '2026-11-29T08:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['@weekly', ['2026-11-22T00:00', '2026-11-29T00:00']],
    ['30 10/6 * * *', ['2026-11-21T16:30', '2026-11-21T22:30', '2026-11-22T10:30']],
    // Either is enough where both are given, as in crontab(5).
    ['0 0 1 * fri', ['2026-11-27T00:00', '2026-12-01T00:00', '2026-12-04T00:00']],
  ])('%s means %j', (cron, times) => {
    expect(first(cron, times.length)).toEqual(times);
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '0 0 12 * * ? 2027',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * 32 * *',
    '* * * 13 *',
    '* * * * 8',
    '*/0 * * * *',
    '10-5 * * * *',
    '0 0 L * *',
    '0 0 * * mon#1',
    '*-5 * * * *',
    '@every 30s',
    '@reboot',
    'every day',
  ])('%j is none', (cron) => {
    expect(() => cronTimes(cron)).toThrow(CronError);
  });
});

describe('a schedule’s times', () => {
  it('keep to the wall clock across the changes of the year', () => {
    expect(first('0 9 * * *', 2, 'Europe/Paris', Date.parse('2027-03-27T00:00:00Z'))).toEqual([
      '2027-03-27T08:00',
      '2027-03-28T07:00',
    ]);
  });

  it('leave out a time that the change to summer time skips, and have one that comes twice once', () => {
    expect(first('30 2 * * *', 2, 'Europe/Paris', Date.parse('2027-03-27T02:00:00Z'))).toEqual([
      '2027-03-29T00:30',
      '2027-03-30T00:30',
    ]);
    expect(first('30 2 * * *', 2, 'Europe/Paris', Date.parse('2027-10-30T22:00:00Z'))).toEqual([
      '2027-10-31T00:30',
      '2027-11-01T01:30',
    ]);
  });

  it('end with the period, its last moment included', () => {
    const untilMs = Date.parse('2026-11-22T09:00:00Z');
    const times = (until: number) => [
      ...scheduleTimes(cronTimes('0 9 * * *'), 'UTC', { fromMs: from, untilMs: until }),
    ];
    expect(times(untilMs)).toEqual([untilMs]);
    expect(times(untilMs - 1)).toEqual([]);
  });

  it.each<[string, number | undefined]>([
    ['* * * * *', 60],
    ['0 * * * *', 3600],
    ['0 9,17 * * *', 8 * 3600],
    ['0 0 30 2 *', undefined],
    ['0 0 31 4,6,9,11 *', undefined],
  ])('of %s are %s seconds apart at least', (cron, seconds) => {
    const distance = shortestDistance(cronTimes(cron), 'UTC', { fromMs: from });
    expect(distance).toBe(seconds === undefined ? undefined : seconds * 1000);
  });
});
