import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttlePeriod } from '../../policy/throttle-window.js';

const DAY_MS = 86_400_000;
const periodAt = (lengthMs: number, at: string, zone = 'Europe/Paris') => {
  const { startMs, endMs } = throttlePeriod(lengthMs, Date.parse(at), zone);
  return [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
};

describe('a throttle’s period', () => {
  it('of a day begins at midnight in the zone', () => {
    expect(periodAt(DAY_MS, '2026-12-01T22:59:59Z')).toEqual([
      '2026-11-30T23:00:00.000Z',
      '2026-12-01T23:00:00.000Z',
    ]);
  });

  it('of a day lasts 23 hours when the clock is put forward', () => {
    expect(periodAt(DAY_MS, '2026-03-29T12:00:00Z')).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
  });

  it('of an hour begins at the hour, whatever the zone', () => {
    expect(periodAt(3_600_000, '2026-12-01T10:59:00Z', 'Asia/Kathmandu')).toEqual([
      '2026-12-01T10:00:00.000Z',
      '2026-12-01T11:00:00.000Z',
    ]);
  });

  it('always holds its instant, and the next one begins where it ends', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(60_000, 3_600_000, DAY_MS, 7 * DAY_MS),
        fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2035-01-01') }),
        fc.constantFrom('Europe/Paris', 'America/New_York', 'Pacific/Apia', 'UTC', 'Mars/Base'),
        (lengthMs, nowMs, zone) => {
          const { startMs, endMs } = throttlePeriod(lengthMs, nowMs, zone);
          expect(startMs).toBeLessThanOrEqual(nowMs);
          expect(endMs).toBeGreaterThan(nowMs);
          expect(throttlePeriod(lengthMs, endMs, zone).startMs).toBe(endMs);
        },
      ),
      { numRuns: 300 },
    );
  });
});
