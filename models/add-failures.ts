import { countsAsFailing } from '../contracts/alerts.js';
import type { ChannelName } from '../contracts/channels.js';
import type { FailureReason } from '../contracts/errors.js';
import type { FailureCountRow, FailureCounts } from './failure-counts.js';
import type { Tenants } from './tenants.js';

/** A delivery that has ended failed. */
export interface FailedDelivery {
  type: string;
  channel: ChannelName;
  /** The one that was tried last. */
  provider: string;
  failureReason: FailureReason;
}

/**
 * Counts those of a tenant's failed deliveries that are their provider's trouble, where its administrators want to be told
 * of that.
 * @param onCounted told each provider's count as soon as it is stored, before the next one is.
 */
export async function addFailures(
  { tenants, failureCounts }: { tenants: Pick<Tenants, 'find'>; failureCounts: Pick<FailureCounts, 'add'> },
  tenantId: string,
  failed: readonly FailedDelivery[],
  onCounted?: (row: FailureCountRow) => Promise<void>,
): Promise<void> {
  const counted = failed.filter(({ type, failureReason }) => countsAsFailing(type, failureReason));
  if (counted.length === 0) return;
  const alert = (await tenants.find(tenantId))?.alerts.deliveryFailing;
  if (!alert) return;
  const { threshold, windowMinutes } = alert;
  for (const one of byProvider(counted)) {
    const row = await failureCounts.add(
      { tenantId, ...one },
      { threshold, windowMs: windowMinutes * 60_000 },
    );
    await onCounted?.(row);
  }
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
