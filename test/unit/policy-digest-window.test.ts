import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNames } from '../../contracts/quiet-hours.js';
import { digestEnd } from '../../policy/digest-window.js';

const paris = { at: '09:00', day: 'mon', zone: 'Europe/Paris' } as const;
const end = (
  cadence: 'hourly' | 'daily' | 'weekly',
  now: string,
  time: Parameters<typeof digestEnd>[2] = paris,
) => new Date(digestEnd(cadence, Date.parse(now), time)).toISOString();

describe('a digest closes', () => {
  it.each([
    ['at the next full hour', 'hourly', '2026-12-01T10:20:00Z', '2026-12-01T11:00:00.000Z'],
    ['an hour later at a full hour itself', 'hourly', '2026-12-01T10:00:00Z', '2026-12-01T11:00:00.000Z'],
    [
      'today at the person’s time, if that is ahead',
      'daily',
      '2026-12-01T07:59:59Z',
      '2026-12-01T08:00:00.000Z',
    ],
    ['tomorrow, if it is past', 'daily', '2026-12-01T08:00:00Z', '2026-12-02T08:00:00.000Z'],
    ['on the person’s day', 'weekly', '2026-12-01T08:00:00Z', '2026-12-07T08:00:00.000Z'],
    [
      'a week later when that day’s time is past',
      'weekly',
      '2026-12-07T08:00:00Z',
      '2026-12-14T08:00:00.000Z',
    ],
    [
      'at an hour of the clock when that is put forward',
      'daily',
      '2026-03-28T12:00:00Z',
      '2026-03-29T07:00:00.000Z',
    ],
    [
      'at an hour of the clock when that is put back',
      'daily',
      '2026-10-24T12:00:00Z',
      '2026-10-25T08:00:00.000Z',
    ],
  ] as const)('%s', (_when, cadence, now, expected) => {
    expect(end(cadence, now)).toBe(expected);
  });

  it('at the skip, when the clock is put forward over its time', () => {
    const time = { ...paris, at: '02:30' };
    expect(end('daily', '2026-03-28T12:00:00Z', time)).toBe('2026-03-29T01:00:00.000Z');
  });

  it('once, at the first showing, when the clock shows its time twice', () => {
    const time = { ...paris, at: '02:30' };
    expect(end('daily', '2026-10-24T12:00:00Z', time)).toBe('2026-10-25T00:30:00.000Z');
    expect(end('daily', '2026-10-25T00:30:00Z', time)).toBe('2026-10-26T01:30:00.000Z');
  });

  it('at full hours of a wall clock that is half an hour beside UTC', () => {
    expect(end('hourly', '2026-12-01T10:00:00Z', { ...paris, zone: 'Asia/Kolkata' })).toBe(
      '2026-12-01T10:30:00.000Z',
    );
  });

  it('in UTC for a zone that this runtime does not know', () => {
    expect(end('daily', '2026-12-01T10:00:00Z', { ...paris, zone: 'Mars/Base' })).toBe(
      '2026-12-02T09:00:00.000Z',
    );
  });

  it('always ahead, and no later than its cadence and a clock change allow', () => {
    const longest = { hourly: 2, daily: 26, weekly: 7 * 24 + 2 } as const;
    fc.assert(
      fc.property(
        fc.constantFrom('hourly', 'daily', 'weekly'),
        fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2035-01-01') }),
        fc.constantFrom('Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'),
        fc.integer({ min: 0, max: 1439 }),
        fc.constantFrom(...dayNames),
        (cadence, nowMs, zone, minute, day) => {
          const at = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const untilMs = digestEnd(cadence, nowMs, { at, day, zone });
          expect(untilMs).toBeGreaterThan(nowMs);
          expect(untilMs - nowMs).toBeLessThanOrEqual(longest[cadence] * 3_600_000);
        },
      ),
      { numRuns: 500 },
    );
  });
});
