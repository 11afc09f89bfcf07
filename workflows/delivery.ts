import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  TemporalFailure,
} from '@temporalio/workflow';
import type { DeliverRequest, PlannedDelivery } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import type { NotificationActivities } from './activity-types.js';
import type { Requests } from './requests.js';
import { deliveryPolicy, firstAttemptPolicy, planningPolicy, roundWaitMs } from './retry-policies.js';
import { showStatus } from './visibility.js';

const { deliver: deliverInTask } = proxyLocalActivities<NotificationActivities>(firstAttemptPolicy);
const { abandon } = proxyLocalActivities<NotificationActivities>(planningPolicy);

/** How a delivery ended, as far as this run can tell; `undefined` when it was stopped and is still to be settled. */
type Ended = Extract<DeliveryOutcome, { status: 'sent' | 'failed' | 'skipped' | 'cancelled' | 'expired' }>;

/** The longest that a parked delivery waits without a look, should nobody tell it that its provider answers again. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * One delivery to its end: the first attempt inside the workflow task; what that leaves unfinished as a regular
 * activity under the channel's retry policy, after a wait that `expedite` and `cancel` end. So the Web UI's pending
 * activities are exactly the deliveries in trouble.
 */
export async function deliver(
  notification: { tenantId: string; notificationId: string; expiresAtMs?: number },
  delivery: PlannedDelivery,
  requests: Requests,
): Promise<Ended | undefined> {
  const summary = `${delivery.channel} via ${delivery.provider}`;
  const request = (attempt: DeliverRequest['attempt']): DeliverRequest => ({
    tenantId: notification.tenantId,
    notificationId: notification.notificationId,
    delivery,
    attempt,
    nowMs: Date.now(),
    expedite: requests.expedites > 0,
  });

  /** Counted from before the attempt: what it waits for may come while the attempt says that it must wait. */
  let releasesSeen = requests.releases;
  let outcome: DeliveryOutcome = { status: 'deferred' };
  if (delivery.firstAttemptInTask && requests.callersWaiting === 0) outcome = await firstAttempt();
  let attemptsMade = outcome.status === 'retry' ? 1 : 0;

  for (;;) {
    switch (outcome.status) {
      case 'sent':
      case 'failed':
      case 'skipped':
      case 'cancelled':
      case 'expired':
        return outcome;
      case 'retry':
        showStatus('sending');
        setCurrentDetails(`${summary}: ${outcome.failureReason}, trying again`);
        await wait(outcome.retryAfterMs, ['expedite']);
        break;
      case 'hold':
        showStatus('held');
        setCurrentDetails(`${summary}: held by quiet hours that began meanwhile`);
        await wait(outcome.untilMs - Date.now(), ['expedite', 'recheck']);
        break;
      case 'limited':
        showStatus('sending');
        setCurrentDetails(`${summary}: waiting for its turn (send limit)`);
        // Not ended by "send now" either: the limit protects the provider, and nobody passes the queue.
        await wait(outcome.retryAfterMs, ['recheck']);
        break;
      case 'parked':
        if (outcome.isOver) break;
        showStatus('sending');
        setCurrentDetails(`${delivery.channel} via ${outcome.provider}: parked, the provider is down`);
        await wait(LOOK_AGAIN_MS, ['expedite', 'recheck', 'release'], releasesSeen);
        break;
      case 'deferred':
        break;
    }
    if (requests.end) return undefined;
    showStatus('sending');
    releasesSeen = requests.releases;
    const result = await regularAttempts();
    if (result === 'stopped') return undefined;
    if (result === 'expedited') attemptsMade = 1;
    outcome = result === 'expedited' ? { status: 'deferred' } : result;
  }

  /** One that cannot be made or recorded (MongoDB is away, say) is left to the regular activity. */
  async function firstAttempt(): Promise<DeliveryOutcome> {
    try {
      return await deliverInTask.executeWithOptions({ ...firstAttemptPolicy, summary }, [request('first')]);
    } catch (error) {
      // A local activity's failure comes as it is, not inside an ActivityFailure.
      if (!(error instanceof TemporalFailure)) throw error;
      log.warn('first attempt cut off', { deliveryId: delivery.deliveryId, failure: error.name });
      return { status: 'deferred' };
    }
  }

  /** Waits, but not past the expiry: the attempt after it finds out and says so. */
  async function wait(
    ms: number,
    endedBy: ('expedite' | 'recheck' | 'release')[],
    seenReleases = requests.releases,
  ): Promise<void> {
    const seen = requests.expedites;
    const seenRechecks = requests.rechecks;
    const untilExpiry = notification.expiresAtMs === undefined ? ms : notification.expiresAtMs - Date.now();
    const timeoutMs = Math.max(1, Math.min(ms, untilExpiry));
    await condition(
      () =>
        requests.end !== undefined ||
        (endedBy.includes('expedite') && requests.expedites > seen) ||
        (endedBy.includes('recheck') && requests.rechecks > seenRechecks) ||
        (endedBy.includes('release') && requests.releases > seenReleases),
      timeoutMs,
    );
  }

  async function regularAttempts(): Promise<DeliveryOutcome | 'expedited' | 'stopped'> {
    const seen = requests.expedites;
    const scope = new CancellationScope();
    let running = true;
    const { deliver: deliverRegularly } = proxyActivities<NotificationActivities>({
      ...deliveryPolicy(delivery, attemptsMade),
      summary,
    });
    const attempts = scope
      .run(() => deliverRegularly(request('regular')))
      .catch((error: unknown) => {
        if (!(error instanceof ActivityFailure)) throw error;
        return error;
      })
      .finally(() => {
        running = false;
      });
    await condition(() => !running || requests.end !== undefined || requests.expedites > seen);
    if (running) scope.cancel();
    const result = await attempts;
    if (!(result instanceof ActivityFailure)) return result;
    if (requests.end) return 'stopped';
    if (requests.expedites > seen) return 'expedited';
    const { cause } = result;
    if (cause instanceof ApplicationFailure && !cause.nonRetryable) {
      // The policy's attempts are used up, but not all of them were the delivery's: the log, which counts those, has
      // not ended it. MongoDB was away, say.
      return { status: 'retry', failureReason: 'unknown_error', retryAfterMs: roundWaitMs(delivery) };
    }
    // Its worker died or hung in the last attempt that the policy allows, or its tenant is gone: nobody recorded an end.
    log.warn('delivery given up', { deliveryId: delivery.deliveryId, retryState: result.retryState });
    return await abandon({
      tenantId: notification.tenantId,
      notificationId: notification.notificationId,
      delivery,
      failureReason: 'unknown_error',
    });
  }
}
