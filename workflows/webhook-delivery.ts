import {
  CancellationScope,
  condition,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { WebhookDeliveryInput, WebhookDeliveryResult } from '../contracts/webhook-run.js';
import type { WebhookActivities } from './activity-types.js';
import { cancelSignal, expediteSignal } from './messages.js';
import { webhookPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

/**
 * Hands one event to one webhook endpoint that did not take it at first: waits, tries, and waits again, for three days.
 * `expedite` tries now, `cancel` gives up. The event and the endpoint are in MongoDB.
 */
export async function webhookDelivery(input: WebhookDeliveryInput): Promise<WebhookDeliveryResult> {
  const { tenantId, eventId, endpointId } = input;
  const { attemptWebhook } = proxyActivities<WebhookActivities>({
    ...webhookPolicy,
    summary: `${eventId} to ${endpointId}`,
    priority: { priorityKey: 4, fairnessKey: tenantId },
  });
  let isCancelled = false;
  let expedites = 0;
  setHandler(expediteSignal, () => {
    expedites += 1;
  });
  setHandler(cancelSignal, () => {
    isCancelled = true;
  });
  CancellationScope.current().cancelRequested.catch(() => {
    isCancelled = true;
  });
  return CancellationScope.nonCancellable(run);

  async function run(): Promise<WebhookDeliveryResult> {
    let { attempts, waitMs } = input;
    for (;;) {
      const seen = expedites;
      const isTold = () => isCancelled || expedites > seen;
      if (waitMs > 0 && !isTold()) await condition(isTold, waitMs);
      if (isCancelled) return end('cancelled', 'cancelled');
      attempts += 1;
      const outcome = await attemptWebhook({
        tenantId,
        eventId,
        endpointId,
        attempt: attempts,
        isReplay: input.attempts === 0 && attempts === 1,
      });
      if (outcome.status === 'delivered') return end('delivered', 'delivered');
      if (outcome.status !== 'retry') return end(outcome.status, outcome.detail);
      waitMs = outcome.waitMs;
      setCurrentDetails(`${attempts} attempts in vain, the last one: ${outcome.detail}`);
    }

    function end(status: WebhookDeliveryResult['status'], detail: string): WebhookDeliveryResult {
      setCurrentDetails(detail);
      showStatus(status === 'delivered' ? 'sent' : status === 'failed' ? 'failed' : 'cancelled');
      return { status, attempts };
    }
  }
}
