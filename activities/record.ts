import type { Receipt } from '../channels/channel.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import type { ChannelDecision } from '../contracts/plan.js';
import type { Attempt, DeliveryRow } from '../models/delivery-schema.js';
import { countFailed } from './alerts/count-failures.js';
import { countEnded } from './count-deliveries.js';
import type { ActivityDependencies } from './dependencies.js';
import type { Ended } from './ledger.js';

/** How long a finished attempt is tried to be recorded before it is given up and, for want of a record, made again. */
const PATIENCE_MS = 20_000;

type AttemptEnd =
  | { kind: 'sent'; attempt: Attempt; receipt: Receipt; failuresBefore: number }
  | { kind: 'failed'; attempt: Attempt; failuresBefore: number }
  | { kind: 'retry'; attempt: Attempt; failuresBefore: number; retryAfterMs: number };

type Place = Pick<DeliverRequest, 'tenantId' | 'notificationId' | 'delivery'>;

/**
 * Records how an attempt ended: first in the log, then with the notification, whose status follows. Repeated for a
 * while when MongoDB is away, since an unrecorded send would be sent again.
 */
export async function recordAttempt(
  deps: ActivityDependencies,
  place: Place,
  ended: AttemptEnd,
): Promise<DeliveryOutcome> {
  const { tenantId, notificationId } = place;
  const { channel, deliveryId } = place.delivery;
  const { deliveryAttempts, notifications } = deps.models;
  const { attempt } = ended;
  const { provider } = attempt;
  const retryCount = ended.failuresBefore;
  const endedAt = new Date(attempt.at.getTime() + (attempt.durationMs ?? 0));
  const entry = (event: string, detail: string) => [{ at: endedAt, event, detail }];

  switch (ended.kind) {
    case 'sent': {
      const { providerMessageId, units } = ended.receipt;
      await patiently(() =>
        deliveryAttempts.markSent(tenantId, deliveryId, attempt, { providerMessageId, units, retryCount }),
      );
      countEnded(deps.metrics, [{ channel, provider, status: 'sent' }]);
      await patiently(() =>
        notifications.markEnded(
          tenantId,
          notificationId,
          { [channel]: 'sent' as const },
          entry('sent', `${channel} via ${provider}`),
        ),
      );
      return { status: 'sent' };
    }
    case 'failed': {
      const failureReason = attempt.failureReason ?? 'unknown_error';
      await countFailed(deps, place, { provider: attempt.provider, failureReason });
      await patiently(() => deliveryAttempts.markFailed(tenantId, deliveryId, attempt, retryCount));
      countEnded(deps.metrics, [{ channel, provider, status: 'failed', failureReason }]);
      await patiently(() =>
        notifications.markEnded(
          tenantId,
          notificationId,
          { [channel]: 'failed' as const },
          entry('failed', `${channel} via ${provider}: ${failureReason}`),
        ),
      );
      return { status: 'failed', failureReason };
    }
    case 'retry': {
      const { retryAfterMs } = ended;
      const failureReason = attempt.failureReason ?? 'unknown_error';
      const nextAttemptAt = new Date(endedAt.getTime() + retryAfterMs);
      await patiently(() =>
        deliveryAttempts.markRetrying(
          tenantId,
          deliveryId,
          { ...attempt, retryAfterMs },
          { retryCount: retryCount + 1, nextAttemptAt },
        ),
      );
      const [line] = entry('retrying', `${channel} via ${provider}: ${failureReason}`);
      if (line) await notifications.addToTimeline(tenantId, notificationId, line);
      return { status: 'retry', failureReason, retryAfterMs };
    }
  }
}

/**
 * Brings the notification in line with the log, where a crash came between the two writes of an attempt's end. Not for
 * what was cancelled: `settle` writes both, and knows whether it was acknowledged.
 */
export async function recordKnown(deps: ActivityDependencies, place: Place, known: Ended): Promise<void> {
  if (known.status === 'cancelled') return;
  const { tenantId, notificationId, delivery } = place;
  await deps.models.notifications.markEnded(
    tenantId,
    notificationId,
    { [delivery.channel]: known.status },
    [],
  );
}

/** Records that quiet hours, which have begun since the plan, put off the next attempt. */
export async function recordHeld(deps: ActivityDependencies, place: Place, until: Date): Promise<void> {
  const { tenantId, notificationId, delivery } = place;
  await deps.models.deliveries.markHeld(tenantId, delivery.deliveryId, until);
  await deps.models.notifications.addToTimeline(tenantId, notificationId, {
    at: new Date(),
    event: 'held',
    detail: `${delivery.channel}: quiet_hours`,
  });
}

/** Records that a send limit makes the next attempt wait: until its turn, where one could be reserved. */
export async function recordWaiting(
  deps: Pick<ActivityDependencies, 'models'>,
  place: Place,
  turn: DeliveryRow['turn'],
  limitOf: 'tenant' | 'provider',
): Promise<void> {
  const { tenantId, notificationId } = place;
  const { channel, deliveryId, provider } = place.delivery;
  await deps.models.deliveries.markWaitingForTurn(tenantId, deliveryId, turn);
  await deps.models.notifications.addToTimelineOnce(tenantId, notificationId, {
    at: new Date(),
    event: 'waiting_for_turn',
    detail: `${channel} via ${provider}: send limit of the ${limitOf}`,
  });
}

/** Records that a delivery will not be attempted (again). */
export async function recordNotSent(
  deps: ActivityDependencies,
  place: Place,
  status: 'skipped' | 'expired',
  { reason, detail }: Extract<ChannelDecision, { action: 'skip' }>,
): Promise<void> {
  const { tenantId, notificationId, delivery } = place;
  const why = detail === undefined ? reason : `${reason} (${detail})`;
  await deps.models.deliveries.markNotSent(tenantId, delivery.deliveryId, status, reason);
  await deps.models.notifications.markEnded(tenantId, notificationId, { [delivery.channel]: status }, [
    { at: new Date(), event: status, detail: `${delivery.channel}: ${why}` },
  ]);
}

/** Repeats a write for a while when MongoDB is away. */
export async function patiently<T>(write: () => Promise<T>): Promise<T> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      return await write();
    } catch (error) {
      if (Date.now() + waitMs > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
