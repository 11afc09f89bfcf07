import type { ByChannel } from './channels.js';
import type { FailureReason } from './errors.js';
import type { NotificationStatus } from './statuses.js';

/** How one channel of one notification ended, or that it has not. */
export const channelOutcomes = [
  'open',
  'digesting',
  'sent',
  'failed',
  'skipped',
  'cancelled',
  'expired',
  'acknowledged',
] as const;
export type ChannelOutcome = (typeof channelOutcomes)[number];

export type ChannelOutcomes = ByChannel<ChannelOutcome>;

/**
 * The status that follows from how the channels ended. An explicit cancellation wins over what had gone out before;
 * an acknowledged rest counts as done, since the person has seen it.
 * `models/notification-status.ts` says the same to MongoDB; a test compares the two.
 */
export function statusOf(outcomes: ChannelOutcomes): NotificationStatus {
  const ended = new Set(Object.values(outcomes));
  if (ended.has('open')) return 'sending';
  if (ended.has('digesting')) return 'digesting';
  if (ended.has('cancelled')) return 'cancelled';
  if (ended.has('sent')) return ended.has('failed') || ended.has('expired') ? 'partial' : 'sent';
  if (ended.has('failed')) return 'failed';
  if (ended.has('expired')) return 'expired';
  if (ended.has('acknowledged')) return 'sent';
  return 'suppressed';
}

/** What one attempt, or a look at the log, says of a delivery. */
export type DeliveryOutcome =
  | { status: 'sent' }
  | { status: 'failed'; failureReason: FailureReason }
  | { status: 'skipped' | 'cancelled' | 'expired' }
  /** Failed in a way that a later attempt may mend. */
  | { status: 'retry'; failureReason: FailureReason; retryAfterMs: number }
  /** Not attempted: no place for a first attempt now; the regular activity takes it at once. */
  | { status: 'deferred' }
  /** Not attempted: quiet hours have begun since the plan. */
  | { status: 'hold'; untilMs: number }
  /** Not attempted: a send limit makes it wait for its turn. */
  | { status: 'limited'; retryAfterMs: number }
  /** All its providers are down: it waits until one answers, unless that is over by now. */
  | { status: 'parked'; provider: string; isOver: boolean };
