import type { AbandonRequest } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import { countFailed } from './alerts/count-failures.js';
import type { ActivityDependencies } from './dependencies.js';
import { endOf } from './ledger.js';
import { recordKnown } from './record.js';

/**
 * Ends a delivery whose last attempt nobody saw end: its worker died. The log's answer counts if it has one; else the
 * attempt stays in the log as interrupted and the delivery as failed.
 */
export function createAbandon(deps: ActivityDependencies) {
  return async function abandon(request: AbandonRequest): Promise<DeliveryOutcome> {
    const { tenantId, notificationId, delivery, failureReason } = request;
    const row = await deps.models.deliveries.find(tenantId, delivery.deliveryId);
    const ended = row && endOf(row);
    if (ended) {
      await recordKnown(deps, request, ended);
      return ended;
    }
    await countFailed(deps, request, { provider: delivery.provider, failureReason });
    await deps.models.deliveryAttempts.markAbandoned(tenantId, delivery.deliveryId, failureReason);
    await deps.models.notifications.markEnded(
      tenantId,
      notificationId,
      { [delivery.channel]: 'failed' as const },
      [
        {
          at: new Date(),
          event: 'failed',
          detail: `${delivery.channel} via ${delivery.provider}: no attempt was seen to end`,
        },
      ],
    );
    return { status: 'failed', failureReason };
  };
}
