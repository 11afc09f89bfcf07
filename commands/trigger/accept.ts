import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { notificationWorkflowId } from '../../contracts/ids.js';
import { CarillonError } from '../../contracts/errors.js';
import type { Decision, NotificationInput } from '../../contracts/notification-run.js';
import { isFinal } from '../../contracts/statuses.js';
import type { ChosenTemplates } from '../../contracts/templates.js';
import type { Trigger } from '../../contracts/trigger.js';
import { recipientIdOf } from '../../models/recipient-id.js';
import { notificationStart } from '../../runtime/notification-start.js';
import { decisionUpdate } from '../../workflows/messages.js';
import type { notification } from '../../workflows/notification.js';
import type { CommandDependencies } from '../dependencies.js';
import { phoneNumbersOf } from '../phone-numbers.js';
import { withDeadline } from '../temporal-calls.js';
import { checkText } from './check-text.js';
import { checkData, checkTrigger } from './check.js';
import { notificationId } from './notification-id.js';
import { requestHash } from './request-hash.js';
import { storeAttachments } from './store-attachments.js';

/** How long attachments wait for the first plan, which then keeps them for as long as the notification. */
const UNPLANNED_MS = 30 * 86_400_000;

export interface Accepted {
  id: string;
  workflowId: string;
  duplicate: boolean;
  decision?: Decision;
}

/**
 * Accepts a trigger: its workflow is started, and nothing else is written but what it brings along to be attached. What Temporal has taken is never lost; what
 * it has not taken was not accepted. The same idempotency key again finds the same ID, whether its run is still going
 * on, has ended, or is past Temporal's retention.
 *
 * The decision is left out where no worker made one in time: the notification is accepted, and planned later.
 * @throws CarillonError `conflict` for the same key with another request; `validation_failed` for what is no phone
 * number; `unavailable` while Temporal is away.
 */
export async function accept(
  deps: CommandDependencies,
  tenantId: string,
  given: Trigger,
  options: { waitForDecision: boolean; templates?: ChosenTemplates; via?: 'api' | 'events' },
): Promise<Accepted> {
  const trigger = { ...given, to: await phoneNumbersOf(deps, tenantId).inTo(given.to) };
  const id = notificationId(tenantId, trigger.idempotencyKey);
  const workflowId = notificationWorkflowId(tenantId, id);
  const hash = requestHash(trigger);
  const known =
    trigger.idempotencyKey === undefined
      ? undefined
      : await deps.models.notifications.findRequest(tenantId, id);
  if (known && known.requestHash !== hash) throw sameKeyOtherRequest();
  if (known && isFinal(known.status)) {
    return {
      id,
      workflowId,
      duplicate: true,
      ...(await storedDecision(deps, tenantId, id, options.waitForDecision)),
    };
  }
  if (!known) await check(deps, tenantId, trigger, options.templates);

  const input: NotificationInput = {
    tenantId,
    notificationId: id,
    recipientId: recipientIdOf(await deps.models.dataKeys.vault(tenantId), trigger.to.recipient),
    trigger: await storeAttachments(
      deps,
      { tenantId, id, requestHash: hash, purgeAt: new Date(Date.now() + UNPLANNED_MS) },
      trigger,
    ),
    requestHash: hash,
    acceptedAtMs: Date.now(),
    ...(options.templates ? { templates: options.templates } : {}),
  };
  const countAccepted = () => {
    if (!known) deps.metrics?.count('carillon_notifications_accepted_total', { via: options.via ?? 'api' });
  };
  try {
    const decision = await start(deps, input, options.waitForDecision);
    countAccepted();
    return { id, workflowId, duplicate: known !== undefined, ...(decision ? { decision } : {}) };
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      // No worker decided in time. What was started is accepted all the same: a second try would send it twice.
      if ((await runningHash(deps, workflowId)) !== hash) throw error;
      countAccepted();
      return { id, workflowId, duplicate: known !== undefined };
    }
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    if (!known && (await runningHash(deps, workflowId)) !== hash) throw sameKeyOtherRequest();
    return {
      id,
      workflowId,
      duplicate: true,
      ...(await storedDecision(deps, tenantId, id, options.waitForDecision)),
    };
  }
}

/** @param templates versions that it is written with, whatever is published. */
async function check(
  deps: CommandDependencies,
  tenantId: string,
  trigger: Trigger,
  templates: ChosenTemplates | undefined,
): Promise<void> {
  const type = await deps.types.find(tenantId, trigger.type);
  checkTrigger(trigger, type, Date.now());
  checkData(type, trigger.data);
  if (!templates) await checkText(deps, tenantId, trigger, type);
}

async function start(
  deps: CommandDependencies,
  input: NotificationInput,
  waitForDecision: boolean,
): Promise<Decision | undefined> {
  const { client } = deps;
  const options = notificationStart(input, deps.taskQueue);
  if (!waitForDecision) {
    await withDeadline(client, () => client.workflow.start<typeof notification>('notification', options));
    return undefined;
  }
  return withDeadline(client, () =>
    client.workflow.executeUpdateWithStart(decisionUpdate, {
      startWorkflowOperation: new WithStartWorkflowOperation<typeof notification>('notification', options),
    }),
  );
}

async function runningHash(deps: CommandDependencies, workflowId: string): Promise<unknown> {
  try {
    const run = await withDeadline(deps.client, () => deps.client.workflow.getHandle(workflowId).describe());
    return run.memo?.requestHash;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The decision about what was triggered before: the stored one, or the run's as soon as it has decided. */
async function storedDecision(
  deps: CommandDependencies,
  tenantId: string,
  id: string,
  wanted: boolean,
): Promise<{ decision?: Decision }> {
  if (!wanted) return {};
  const stored = async () => {
    const row = await deps.models.notifications.find(tenantId, id);
    return row && { decision: { status: row.status, channels: row.plan.channels } };
  };
  const known = await stored();
  if (known) return known;
  const handle = deps.client.workflow.getHandle(notificationWorkflowId(tenantId, id));
  try {
    return { decision: await withDeadline(deps.client, () => handle.executeUpdate(decisionUpdate)) };
  } catch (error) {
    const isUndecided =
      error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
    if (!isUndecided) throw error;
    // It ended in the meantime, or no worker is there.
    return (await stored()) ?? {};
  }
}

function sameKeyOtherRequest(): CarillonError {
  return new CarillonError('conflict', 'this idempotency key was used for another request');
}
