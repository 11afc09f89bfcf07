import { countsAsFailing } from '../../contracts/alerts.js';
import type { ChannelName } from '../../contracts/channels.js';
import type { FailureReason } from '../../contracts/errors.js';
import type { DeliverRequest } from '../../contracts/notification-run.js';
import type { ActivityDependencies } from '../dependencies.js';
import { tellOfFailures } from './tell-of-failures.js';

/** A delivery that has ended failed. */
export interface FailedDelivery {
  type: string;
  channel: ChannelName;
  /** The one that was tried last. */
  provider: string;
  failureReason: FailureReason;
}

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
  const counted = failed.filter(({ type, failureReason }) => countsAsFailing(type, failureReason));
  if (counted.length === 0) return;
  const tenant = await deps.models.tenants.find(tenantId);
  if (!tenant?.alerts.deliveryFailing) return;
  const { threshold, windowMinutes } = tenant.alerts.deliveryFailing;
  for (const { times, ...one } of byProvider(counted)) {
    const row = await deps.models.failureCounts.add(
      { tenantId, times, ...one },
      { threshold, windowMs: windowMinutes * 60_000 },
    );
    if (row.due) await tellOfFailures(deps, row);
  }
}

/** A window that is due is told by the next failure, or by the look that each worker takes each minute. */
function sayUncounted({ log }: Counting, tenantId: string, error: unknown): void {
  log.warn({ tenantId, err: error }, 'failures were not counted, or nobody was told of them');
}

function byProvider(failed: readonly FailedDelivery[]) {
  const groups = new Map<string, Omit<FailedDelivery, 'type'> & { times: number }>();
  for (const { channel, provider, failureReason } of failed) {
    const key = `${channel}/${provider}`;
    const times = (groups.get(key)?.times ?? 0) + 1;
    groups.set(key, { channel, provider, failureReason, times });
  }
  return groups.values();
}
