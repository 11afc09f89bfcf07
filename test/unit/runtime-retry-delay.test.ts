import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelay } from '../../activities/retry-delay.js';
import { channelRetry } from '../../workflows/retry-policies.js';

const policy = channelRetry('email');
const HOUR_MS = 3_600_000;

describe('the wait before a retry', () => {
  it('is 60 s × 2ⁿ without jitter', () => {
    const exact = [1, 2, 3].map((failures) => retryDelay(policy, failures, undefined, () => 0.5));
    expect(exact).toEqual([60_000, 120_000, 240_000]);
  });

  it('is spread by a fifth to either side', () => {
    expect(retryDelay(policy, 1, undefined, () => 0)).toBe(48_000);
    expect(retryDelay(policy, 1, undefined, () => 0.999_999)).toBe(72_000);
    const drawn = new Set(Array.from({ length: 50 }, () => retryDelay(policy, 1, undefined)));
    expect(drawn.size).toBeGreaterThan(10);
  });

  it('is never sooner than the provider asked for', () => {
    expect(retryDelay(policy, 1, 300_000, () => 0.5)).toBe(300_000);
    expect(retryDelay(policy, 3, 1_000, () => 0.5)).toBe(240_000);
  });

  it('is an hour at most, whatever the provider asks for', () => {
    expect(retryDelay(policy, 1, 86_400_000)).toBe(HOUR_MS);
    expect(retryDelay(policy, 30, undefined)).toBe(HOUR_MS);
  });

  it('is always a whole number of milliseconds within its bounds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, askedMs, random) => {
          const waitMs = retryDelay(policy, failures, askedMs, () => random);
          expect(Number.isInteger(waitMs)).toBe(true);
          expect(waitMs).toBeGreaterThanOrEqual(Math.min(askedMs ?? 0, HOUR_MS));
          expect(waitMs).toBeGreaterThanOrEqual(48_000);
          expect(waitMs).toBeLessThanOrEqual(HOUR_MS);
        },
      ),
    );
  });
});
