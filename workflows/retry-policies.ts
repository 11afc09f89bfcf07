import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import type { ChannelName } from '../contracts/channels.js';
import { finalFailureReasons } from '../contracts/errors.js';
import type { PlannedDelivery } from '../contracts/notification-run.js';
import type { ChannelRetry } from '../contracts/retries.js';

/**
 * Planning and settling read and write MongoDB in the workflow task itself. They are tried until they succeed: an
 * accepted notification is never given up because the database is away. Past one second of back-off the wait becomes a
 * timer, so that a long outage does not hold the worker's workflow-task slots.
 */
export const planningPolicy: LocalActivityOptions = {
  startToCloseTimeout: '10s',
  localRetryThreshold: '1s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
};

/**
 * A first attempt in the workflow task. Long, because a send cut short may still have been accepted; longer than the
 * 30 s that a provider is given, so that its outcome can be recorded. Tried once: what it leaves goes to
 * {@link deliveryPolicy}.
 */
export const firstAttemptPolicy: LocalActivityOptions = {
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 1 },
};

/** Like {@link planningPolicy}, but a digest may hold thousands of items. */
export const closingPolicy: LocalActivityOptions = { ...planningPolicy, startToCloseTimeout: '60s' };

/**
 * A minute's housekeeping stops by itself after a few seconds. Tried once: the next minute goes on where it stopped.
 */
export const minutePolicy: LocalActivityOptions = {
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 1 },
};

/**
 * A day's housekeeping: a million rows take two minutes, and five where they are written out
 * first. It heartbeats after each batch, and a repeated attempt goes
 * on. What keeps it from writing out what it is to remove is often a disk, which somebody has to look after: past the last
 * attempt the next day tries again.
 */
export const dailyPolicy: ActivityOptions = {
  startToCloseTimeout: '6h',
  heartbeatTimeout: '2m',
  retry: { initialInterval: '1m', backoffCoefficient: 3, maximumInterval: '30m', maximumAttempts: 6 },
};

/** How long one attempt may take at the provider. */
export const ATTEMPT_TIMEOUT_MS = 30_000;

/** No retry waits longer, whatever a tenant's rule comes to or a provider asks for. */
export const LONGEST_WAIT_MS = 3_600_000;

const standard: ChannelRetry = { initialMs: 60_000, backoff: 2, retries: 3 };

/**
 * 60 s × 2ⁿ, at most three retries, for every channel that goes out, where the tenant says nothing else. `in_app` is
 * written with the plan.
 */
export const channelRetries: Readonly<Record<Exclude<ChannelName, 'in_app'>, ChannelRetry>> = {
  email: standard,
  sms: standard,
  push: standard,
  slack: standard,
  teams: standard,
  webhook: standard,
  whatsapp: standard,
};

/** The channel's own retry rule. */
export function channelRetry(channel: ChannelName): ChannelRetry {
  return channel === 'in_app' ? standard : (channelRetries[channel] ?? standard);
}

/** The retry rule of a planned delivery: its tenant's, else the channel's own. */
export function retryOf({ channel, retry }: Pick<PlannedDelivery, 'channel' | 'retry'>): ChannelRetry {
  return retry ?? channelRetry(channel);
}

/**
 * The wait after a regular activity whose attempts are used up by what was no failure of the delivery: MongoDB was
 * away, say. Never shorter than by the channel's own rule, since each such round stands in the run's history.
 */
export function roundWaitMs(delivery: Pick<PlannedDelivery, 'channel' | 'retry'>): number {
  return Math.max(retryOf(delivery).initialMs, channelRetry(delivery.channel).initialMs);
}

/**
 * The regular activity of a delivery in trouble. `attemptsMade` (0 or 1) counts the first attempt in the workflow task
 * as one of the policy's. Jitter and a provider's Retry-After come with each failure as `nextRetryDelay`.
 */
export function deliveryPolicy(
  delivery: Pick<PlannedDelivery, 'channel' | 'retry'>,
  attemptsMade: number,
): ActivityOptions {
  const retry = retryOf(delivery);
  return {
    // Longer than one attempt at the provider, so that its outcome can be recorded.
    startToCloseTimeout: ATTEMPT_TIMEOUT_MS * 2,
    // A worker killed in mid-attempt is noticed after this, not after startToCloseTimeout.
    heartbeatTimeout: '15s',
    // Resolves with what the attempt really did, although it was asked to stop.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: {
      initialInterval: Math.min(retry.initialMs * retry.backoff ** attemptsMade, LONGEST_WAIT_MS),
      backoffCoefficient: retry.backoff,
      maximumInterval: LONGEST_WAIT_MS,
      // Two at least: one that a killed worker cut off has not failed. It is the log that counts failures and gives up.
      maximumAttempts: Math.max(2, retry.retries + 1 - attemptsMade),
      nonRetryableErrorTypes: [...finalFailureReasons],
    },
  };
}

/**
 * A page of a broadcast. Tried until it succeeds: what was accepted is not given up because MongoDB is away. A worker
 * that was killed is noticed by its missing heartbeat, and the next one goes on where it was.
 */
export const pagePolicy: ActivityOptions = {
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30s',
  // Told to stop, it ends the chunk that it is at and says how far it is.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** Counting an audience, or telling many runs to stop: like a page, but with nothing to lose when cut off. */
export const bulkPolicy: ActivityOptions = {
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** How long a provider that is down is left alone before it is asked again: 15 s at first, then half as long again each time. */
export const probeWaits = { initialMs: 15_000, backoff: 1.5, longestMs: 120_000 } as const;

/** Asking a provider whether it answers: longer than the 20 s that it is given. Asked again whatever went wrong. */
export const probePolicy: ActivityOptions = {
  startToCloseTimeout: '40s',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The waits between the attempts to hand an event to a webhook endpoint: twelve attempts in not quite three days, as
 * Standard Webhooks recommends ("Deliverability and reliability"). A receiver that is restarted is met again at once,
 * and one that is mended after a weekend still gets what it missed.
 */
export const webhookWaitsMs: readonly number[] = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  ...Array<number>(6).fill(10 * HOUR_MS),
];

/**
 * The wait after so many attempts in vain, 1 being the first: with a tenth of jitter, so that what failed together does not
 * come back together, and no shorter than the receiver asks for. Undefined when it is given up.
 * @param random from 0 to 1.
 */
export function webhookWaitMs(
  attempts: number,
  retryAfterMs: number | undefined,
  random: number,
): number | undefined {
  const waitMs = webhookWaitsMs[attempts - 1];
  if (waitMs === undefined) return undefined;
  return Math.max(Math.round(waitMs * (0.9 + 0.2 * random)), retryAfterMs ?? 0);
}

/** How long a receiver of events may take to answer, the reading of its answer included. */
export const WEBHOOK_TIMEOUT_MS = 15_000;

/**
 * One attempt at a webhook endpoint: longer than the receiver has, so that its outcome can be recorded. Whatever the
 * receiver says is an outcome; what fails here is Carillon's own trouble, and is tried until it works.
 */
export const webhookPolicy: ActivityOptions = {
  startToCloseTimeout: WEBHOOK_TIMEOUT_MS * 3,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** The pauses of a replay whose receiver refuses everything; past the last one it is given up. */
export const replayWaitsMs: readonly number[] = [
  5_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
];

/** Letting go what waited for a provider. Cut off, it goes on with what still waits. */
export const drainPolicy: ActivityOptions = { ...bulkPolicy, startToCloseTimeout: '6 hours' };

/**
 * The pause between two passes of an erasure: whatever was in the middle of a write when the person was marked has
 * written it by then, and Temporal's lists, which lag by a second or two, show every run.
 */
export const erasurePauseMs = 5_000;
