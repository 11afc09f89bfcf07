import type { ChannelRetry } from '../contracts/retries.js';
import { LONGEST_WAIT_MS } from '../workflows/retry-policies.js';

/** Spread of the jitter: ±20 %, so that what failed together does not return together. */
const JITTER = 0.2;

/**
 * Milliseconds until the next attempt after `failures` failed ones (1 or more): initial × backoffⁿ⁻¹ with jitter, and
 * never sooner than the provider asked for, but within the hour.
 */
export function retryDelay(
  retry: ChannelRetry,
  failures: number,
  retryAfterMs: number | undefined,
  random: () => number = Math.random,
): number {
  const exact = retry.initialMs * retry.backoff ** (failures - 1);
  const jittered = exact * (1 - JITTER + 2 * JITTER * random());
  return Math.round(Math.min(Math.max(jittered, retryAfterMs ?? 0), LONGEST_WAIT_MS));
}
