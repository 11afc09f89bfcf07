import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { bestTime, localHour } from '../../policy/best-time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (iso: string) => Date.parse(iso);

/** Hours of which one is best. */
const only = (...best: number[]) => Array.from({ length: 24 }, (_, hour) => (best.includes(hour) ? 1 : 0));
const ask = (hours: number[], of: Partial<Parameters<typeof bestTime>[1]> & { nowMs: number }) =>
  bestTime(hours, { zone: 'Europe/Paris', key: 'n-1', mayGo: () => true, ...of });

describe('the best time', () => {
  it('is the next time that the best hour comes in the zone', () => {
    const found = ask(only(9), { nowMs: at('2026-12-01T12:00:00Z') }) ?? NaN;
    expect(found).toBeGreaterThanOrEqual(at('2026-12-02T08:00:00Z'));
    expect(found).toBeLessThan(at('2026-12-02T09:00:00Z'));
  });

  it('is now within the best hour, however little of it is left', () => {
    expect(ask(only(9), { nowMs: at('2026-12-01T08:59:00Z') })).toBeUndefined();
  });

  it('is now where all hours are equally good', () => {
    expect(ask(only(), { nowMs: at('2026-12-01T08:00:00Z') })).toBeUndefined();
  });

  it('is the best hour of those in which it may go', () => {
    const hours = only(22).map((weight, hour) => (hour === 18 ? 0.5 : weight));
    const quietFrom20 = (ms: number) => localHour(ms, 'Europe/Paris') < 20;
    const found = ask(hours, { nowMs: at('2026-12-01T12:00:00Z'), mayGo: quietFrom20 }) ?? NaN;
    expect(localHour(found, 'Europe/Paris')).toBe(18);
  });

  it('is now where it may go at no hour', () => {
    expect(ask(only(22), { nowMs: at('2026-12-01T12:00:00Z'), mayGo: () => false })).toBeUndefined();
  });

  it.each([
    ['put forward', '2026-03-28T12:00:00Z', 3, '2026-03-29T01:00:00Z'],
    ['put back', '2026-10-24T12:00:00Z', 3, '2026-10-25T02:00:00Z'],
  ])('is right where the clock is %s', (_what, now, hour, from) => {
    const found = ask(only(hour), { nowMs: at(now) }) ?? NaN;
    expect(Math.floor(found / HOUR_MS) * HOUR_MS).toBe(at(from));
  });

  it('finds hours where the clock differs by a quarter of one', () => {
    const found = ask(only(9), { nowMs: at('2026-12-01T12:00:00Z'), zone: 'Asia/Kathmandu' }) ?? NaN;
    expect(localHour(found, 'Asia/Kathmandu')).toBe(9);
    expect(found).toBeLessThan(at('2026-12-02T04:15:00Z'));
  });

  it('spreads what many get over the hour, the same for the same notification', () => {
    const nowMs = at('2026-12-01T12:00:00Z');
    const times = Array.from({ length: 200 }, (_, index) => ask(only(9), { nowMs, key: `n-${index}` }));
    expect(new Set(times).size).toBeGreaterThan(30);
    expect(ask(only(9), { nowMs, key: 'n-7' })).toBe(times[7]);
  });

  it('is always ahead, within a day, and allowed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 24, maxLength: 24 }),
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
        fc.constantFrom('Europe/Paris', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC', 'no/where'),
        fc.integer({ min: 0, max: 23 }),
        (hours, nowMs, zone, quiet) => {
          const mayGo = (ms: number) => localHour(ms, zone) !== quiet;
          const found = bestTime(hours, { nowMs, zone, key: 'n', mayGo });
          if (found === undefined) return;
          expect(found).toBeGreaterThan(nowMs);
          expect(found - nowMs).toBeLessThan(DAY_MS);
          expect(mayGo(found)).toBe(true);
          if (mayGo(nowMs))
            expect(hours[localHour(found, zone)]).toBeGreaterThan(hours[localHour(nowMs, zone)] ?? 0);
        },
      ),
    );
  });
});
