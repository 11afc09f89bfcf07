import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { ChannelName } from '../contracts/channels.js';
import type {
  Decision,
  NotificationInput,
  NotificationResult,
  PlanOutcome,
} from '../contracts/notification-run.js';
import { statusOf, type ChannelOutcomes } from '../contracts/outcomes.js';
import type { Amendment } from '../contracts/trigger.js';
import type { NotificationActivities } from './activity-types.js';
import { deliver } from './delivery.js';
import { amendUpdate, decisionUpdate } from './messages.js';
import { checkAmendment, listen, takeAmendment, type Requests } from './requests.js';
import { planningPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

const { plan, settle } = proxyLocalActivities<NotificationActivities>(planningPolicy);

/**
 * One notification of one person: plan, wait if it is held, plan again after every wait, deliver each channel in
 * parallel, end. Nothing that was accepted is given up while MongoDB or a provider is away.
 */
export async function notification(input: NotificationInput): Promise<NotificationResult> {
  const requests = listen();
  // A cancellation asked for in the Web UI is a request like any other (see `listen`): it must not cut off a recording.
  return CancellationScope.nonCancellable(() => run(input, requests));
}

async function run(input: NotificationInput, requests: Requests): Promise<NotificationResult> {
  const { tenantId, notificationId } = input;
  let planned: PlanOutcome | undefined;
  let open = true;
  /** Amendments asked for, and how many of them the latest plan includes. */
  let asked = 0;
  let amended = 0;
  /** Steps of the escalation that are due. */
  let escalations = 0;

  setHandler(decisionUpdate, async (): Promise<Decision> => {
    requests.callersWaiting += 1;
    await condition(() => planned !== undefined);
    requests.callersWaiting -= 1;
    return decisionOf(planned);
  });
  setHandler(
    amendUpdate,
    async (amendment?: Amendment): Promise<Decision> => {
      requests.amendment = { ...requests.amendment, ...amendment };
      requests.callersWaiting += 1;
      asked += 1;
      const own = asked;
      await condition(() => amended >= own || !open);
      requests.callersWaiting -= 1;
      if (amended < own) throw tooLate();
      return decisionOf(planned);
    },
    {
      validator: (amendment?: Amendment) => {
        if (!open || requests.end) throw tooLate();
        checkAmendment(amendment);
      },
    },
  );

  const deliveries = new Map<ChannelName, ReturnType<typeof deliver>>();
  for (let sequence = 1; ; sequence = planned.sequence + 1) {
    const amendment = takeAmendment(requests);
    const including = asked;
    const seen = { expedites: requests.expedites, rechecks: requests.rechecks };
    planned = await plan({
      input,
      sequence,
      nowMs: Date.now(),
      amendment,
      expedite: requests.expedites > 0,
      ...(escalations > 0 ? { escalations } : {}),
      cancelled: requests.end?.as === 'cancelled',
      note: requests.end?.note,
    });
    if (planned.amended) amended = including;
    else requests.amendment = { ...amendment, ...requests.amendment };
    for (const delivery of planned.deliveries) {
      if (deliveries.has(delivery.channel) || requests.end) continue;
      deliveries.set(
        delivery.channel,
        deliver({ tenantId, notificationId, expiresAtMs: planned.expiresAtMs }, delivery, requests),
      );
    }
    const { holdUntilMs = Infinity, escalateAtMs = Infinity } = planned;
    if (holdUntilMs === Infinity) open = false;
    const wakeAtMs = Math.min(holdUntilMs, escalateAtMs);
    if (wakeAtMs === Infinity || requests.end) break;
    // A worker died between the plan and the end of its task: what was asked since has reached this task, not the plan.
    if (planned.repeated) continue;

    if (holdUntilMs < Infinity) showStatus('held');
    setCurrentDetails(planned.holdLabel ?? 'held');
    await condition(
      () =>
        requests.end !== undefined ||
        requests.rechecks > seen.rechecks ||
        requests.expedites > seen.expedites ||
        requests.amendment !== undefined,
      Math.max(1, wakeAtMs - Date.now()),
    );
    if (requests.end) break;
    if (Date.now() >= escalateAtMs) escalations += 1;
  }

  open = false;
  const outcomes: ChannelOutcomes = { ...planned.outcomes };
  for (const [channel, delivery] of deliveries) outcomes[channel] = (await delivery)?.status ?? 'open';

  let result: NotificationResult = { status: statusOf(outcomes), channels: outcomes };
  if (requests.end) {
    const settled = await settle({ tenantId, notificationId, ...requests.end });
    result = { status: settled.status, channels: settled.outcomes };
  }
  await condition(allHandlersFinished);
  setCurrentDetails(result.status);
  showStatus(result.status);
  return result;
}

function decisionOf(planned: PlanOutcome | undefined): Decision {
  if (!planned) throw tooLate();
  return { status: planned.status, channels: planned.decisions };
}

function tooLate(): ApplicationFailure {
  return ApplicationFailure.nonRetryable('it is being delivered, or has ended', 'too_late');
}
