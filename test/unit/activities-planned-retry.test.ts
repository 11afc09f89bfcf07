import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plannedRetry } from '../../activities/planned-retry.js';
import { retryDelay } from '../../activities/retry-delay.js';
import type { RetrySettings } from '../../contracts/retries.js';
import { deliveryPolicy, LONGEST_WAIT_MS, retryOf, roundWaitMs } from '../../workflows/retry-policies.js';

const planned = (retries: RetrySettings) => ({
  channel: 'sms' as const,
  ...plannedRetry({ retries }, 'sms'),
});

/** Every rule that a tenant may make. */
const anyRule = fc.record({
  retries: fc.integer({ min: 0, max: 10 }),
  initial: fc.integer({ min: 1, max: 3600 }).map((seconds) => `PT${seconds}S`),
  backoff: fc.double({ min: 1, max: 4, noNaN: true }),
});

describe('the retry rule of a planned delivery', () => {
  it.each([
    ['the tenant says nothing', {}],
    ['it says something of another channel only', { email: { retries: 0 } }],
    ['it says what holds anyway', { sms: { retries: 3, initial: 'PT60S' } }],
  ])('is not written down where %s', (_when, retries) => {
    expect(planned(retries)).toEqual({ channel: 'sms' });
    expect(retryOf(planned(retries))).toEqual({ retries: 3, initialMs: 60_000, backoff: 2 });
  });

  it('is what the tenant says, and for the rest the channel’s own', () => {
    const rule = { retries: 5, initialMs: 60_000, backoff: 2 };
    expect(planned({ sms: { retries: 5 } })).toEqual({ channel: 'sms', retry: rule });
    expect(retryOf(planned({ sms: { initial: 'PT30S' } }))).toEqual({
      retries: 3,
      initialMs: 30_000,
      backoff: 2,
    });
  });

  it('makes a policy that Temporal takes, whatever the tenant says and whichever attempt is next', () => {
    fc.assert(
      fc.property(anyRule, fc.constantFrom(0, 1), (rule, attemptsMade) => {
        const retry = deliveryPolicy(planned({ sms: rule }), attemptsMade).retry;
        expect(retry?.initialInterval).toBeGreaterThan(0);
        expect(retry?.initialInterval).toBeLessThanOrEqual(retry?.maximumInterval as number);
        expect(retry?.backoffCoefficient).toBeGreaterThanOrEqual(1);
        // 0 would be no limit, and 1 would give up what a killed worker cut off.
        expect(retry?.maximumAttempts).toBeGreaterThanOrEqual(Math.max(2, rule.retries + 1 - attemptsMade));
        expect(retry?.maximumAttempts).toBeLessThanOrEqual(11);
      }),
    );
  });

  it('has a delivery end within ten hours of waits, whatever the tenant says', () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        const retry = retryOf(planned({ sms: rule }));
        const waits = Array.from({ length: retry.retries }, (_, at) => retryDelay(retry, at + 1, undefined));
        expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(10 * LONGEST_WAIT_MS);
      }),
    );
  });

  it('never has a run that cannot record anything ask again sooner than by the channel’s own rule', () => {
    expect(roundWaitMs(planned({ sms: { initial: 'PT1S', retries: 0 } }))).toBe(60_000);
    expect(roundWaitMs(planned({ sms: { initial: 'PT10M' } }))).toBe(600_000);
  });
});
