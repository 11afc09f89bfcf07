import {
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/common';
import {
  ChildWorkflowFailure,
  executeChild,
  log,
  proxyLocalActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import { broadcastWorkflowId } from '../contracts/ids.js';
import type { ScheduledInput, ScheduledResult, SendScheduledOutcome } from '../contracts/schedules.js';
import type { ScheduleActivities } from './activity-types.js';
import type { broadcast } from './broadcast.js';
import { closingPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

const { sendScheduled } = proxyLocalActivities<ScheduleActivities>(closingPolicy);

const scheduledTime = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);
const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/**
 * One time of a schedule. It goes on for as long as the broadcast that it started, so that Temporal's overlap policy
 * knows of that: with `skip` no second one begins before.
 */
export async function scheduled(input: ScheduledInput): Promise<ScheduledResult> {
  const at = workflowInfo().typedSearchAttributes.get(scheduledTime) ?? workflowInfo().startTime;
  const sent = await sendScheduled({ ...input, atMs: at.getTime(), nowMs: Date.now() });
  if (sent.broadcast) await run(sent.broadcast);
  const { status, notificationId } = sent;
  const broadcastId = sent.broadcast?.input.broadcastId;
  setCurrentDetails(notificationId ?? broadcastId ?? status);
  showStatus(status === 'sent' ? 'sent' : 'cancelled');
  return {
    status,
    ...(notificationId === undefined ? {} : { notificationId }),
    ...(broadcastId === undefined ? {} : { broadcastId }),
  };
}

async function run({ input, name }: NonNullable<SendScheduledOutcome['broadcast']>): Promise<void> {
  const { tenantId, broadcastId, type, priorityKey } = input;
  try {
    await executeChild<typeof broadcast>('broadcast', {
      workflowId: broadcastWorkflowId(tenantId, broadcastId),
      args: [input],
      staticSummary: `${type} → ${name}`,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: keyword('CarillonTenant'), value: tenantId },
        { key: keyword('CarillonType'), value: type },
        { key: keyword('CarillonStatus'), value: 'accepted' },
      ]),
      priority: { priorityKey, fairnessKey: tenantId },
      // Whoever stops the run of a schedule's time does not stop a campaign with it: that has its own `cancel`.
      parentClosePolicy: 'ABANDON',
      cancellationType: 'ABANDON',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    log.warn('broadcast of a schedule did not end well', { broadcastId });
  }
}
