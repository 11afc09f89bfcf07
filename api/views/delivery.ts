import type { DeliveryRow } from '../../models/delivery-schema.js';
import { iso } from './time.js';

/** One row of the delivery log. `target` is masked: the log is read by more people than the address book. */
export function showDelivery(row: DeliveryRow) {
  return {
    id: row.id,
    notificationId: row.notificationId,
    recipient: row.recipientId,
    type: row.type,
    channel: row.channel,
    target: row.target,
    status: row.status,
    provider: row.provider,
    retryCount: row.retryCount,
    failureReason: row.failureReason ?? null,
    reason: row.reason ?? null,
    providerMessageId: row.providerMessageId ?? null,
    units: row.units ?? null,
    attempts: row.attempts.map((attempt) => ({
      at: attempt.at.toISOString(),
      durationMs: attempt.durationMs ?? null,
      provider: attempt.provider,
      outcome: attempt.outcome,
      ...(attempt.failureReason === undefined ? {} : { failureReason: attempt.failureReason }),
      ...(attempt.providerResponse === undefined ? {} : { providerResponse: attempt.providerResponse }),
    })),
    createdAt: row.createdAt.toISOString(),
    sentAt: iso(row.sentAt),
    deliveredAt: iso(row.deliveredAt),
    openedAt: iso(row.openedAt),
    clickedAt: iso(row.clickedAt),
    repliedAt: iso(row.repliedAt),
    nextAttemptAt: iso(row.nextAttemptAt),
  };
}
