import { CancellationScope, log, proxyLocalActivities, setCurrentDetails } from '@temporalio/workflow';
import type { RedeliverAsk } from '../contracts/redelivery.js';
import type { NotificationActivities } from './activity-types.js';
import { deliver } from './delivery.js';
import type { Requests } from './requests.js';
import { planningPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

const { reopen, settle } = proxyLocalActivities<NotificationActivities>(planningPolicy);

/**
 * Handles the `redeliver` signal in whichever run of the notification it reaches: opens the failed delivery anew and
 * brings it to its end by the same rules as the first time. A round that this run knows already is not begun twice.
 */
export function redeliverer(requests: Requests): (ask?: RedeliverAsk) => Promise<void> {
  const begun = new Set<string>();
  return async (ask) => {
    if (!isWhole(ask)) {
      log.warn('a redelivery that names no delivery');
      return;
    }
    const key = `${ask.deliveryId} ${ask.round}`;
    if (begun.has(key)) return;
    begun.add(key);
    // A cancellation asked for in the Web UI is a request like any other: it must not cut off a recording.
    await CancellationScope.nonCancellable(() => redeliver(ask, requests));
  };
}

async function redeliver(ask: RedeliverAsk, requests: Requests): Promise<void> {
  const { tenantId, notificationId } = ask;
  const reopened = await reopen(ask);
  if (reopened.status === 'refused') {
    setCurrentDetails(`not tried again: ${reopened.reason}`);
    if (reopened.notification) showStatus(reopened.notification);
    return;
  }
  const { delivery, expiresAtMs, outcomes } = reopened;
  const ended = await deliver({ tenantId, notificationId, expiresAtMs }, delivery, requests);
  requests.redelivered = {
    ...outcomes,
    ...requests.redelivered,
    [delivery.channel]: ended?.status ?? 'open',
  };
  if (!requests.end) return;
  // The run's own end may have been settled before this was opened.
  const settled = await settle({ tenantId, notificationId, ...requests.end });
  requests.redelivered = settled.outcomes;
}

/** The API sends nothing else; this is for a signal typed by hand. */
function isWhole(ask: unknown): ask is RedeliverAsk {
  if (typeof ask !== 'object' || ask === null) return false;
  const { tenantId, notificationId, deliveryId, round } = ask as Partial<RedeliverAsk>;
  return [tenantId, notificationId, deliveryId, round].every((part) => typeof part === 'string');
}
