import type { DeliverRequest } from '../../contracts/notification-run.js';
import { addFailures, type FailedDelivery } from '../../models/add-failures.js';
import type { ActivityDependencies } from '../dependencies.js';
import { tellOfFailures } from './tell-of-failures.js';

type Counting = Pick<ActivityDependencies, 'models' | 'runs' | 'log' | 'channels' | 'credentials'>;

/**
 * Counts deliveries that have ended failed, and tells the tenant's administrators when a provider passes the threshold.
 * To be called before the failure is recorded: a crash between the two counts it once more, and not never. Never
 * throws: that a failure is recorded does not depend on its being counted.
 */
export async function countFailures(
  deps: Counting,
  tenantId: string,
  failed: readonly FailedDelivery[],
): Promise<void> {
  try {
    await count(deps, tenantId, failed);
  } catch (error) {
    sayUncounted(deps, tenantId, error);
  }
}

/** The same for one delivery, whose type the log knows. */
export async function countFailed(
  deps: Counting,
  { tenantId, delivery }: Pick<DeliverRequest, 'tenantId' | 'delivery'>,
  failed: Pick<FailedDelivery, 'provider' | 'failureReason'>,
): Promise<void> {
  try {
    const row = await deps.models.deliveries.find(tenantId, delivery.deliveryId);
    if (row) await count(deps, tenantId, [{ type: row.type, channel: delivery.channel, ...failed }]);
  } catch (error) {
    sayUncounted(deps, tenantId, error);
  }
}

async function count(deps: Counting, tenantId: string, failed: readonly FailedDelivery[]): Promise<void> {
  await addFailures(deps.models, tenantId, failed, async (row) => {
    if (row.due) await tellOfFailures(deps, row);
  });
}

/** A window that is due is told by the next failure, or by the look that each worker takes each minute. */
function sayUncounted({ log }: Counting, tenantId: string, error: unknown): void {
  log.warn({ tenantId, err: error }, 'failures were not counted, or nobody was told of them');
}
