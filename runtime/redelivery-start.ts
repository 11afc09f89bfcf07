import type { WorkflowSignalWithStartOptions } from '@temporalio/client';
import { notificationWorkflowId } from '../contracts/ids.js';
import type { RedeliverAsk, RedeliveryInput } from '../contracts/redelivery.js';
import { searchAttributes } from './search-attributes.js';

/**
 * How a failed delivery is tried again, by whoever asks for it: the notification's run is told, whatever it does at the
 * moment; where it has ended a new one begins under the same ID. So `cancel`, `expedite` and `acknowledged` reach it as
 * they reached the first.
 */
export function redeliveryStart(
  subject: { recipientId: string; type: string; channel: string; priorityKey?: number },
  ask: RedeliverAsk,
  taskQueue: string,
) {
  const { tenantId, notificationId } = ask;
  return {
    workflowId: notificationWorkflowId(tenantId, notificationId),
    taskQueue,
    args: [{ tenantId, notificationId }] as [RedeliveryInput],
    signal: 'redeliver',
    signalArgs: [ask] as [RedeliverAsk],
    staticSummary: `${subject.type} → ${subject.recipientId}, ${subject.channel} again`,
    typedSearchAttributes: searchAttributes({
      CarillonTenant: tenantId,
      CarillonRecipient: subject.recipientId,
      CarillonType: subject.type,
      CarillonStatus: 'sending',
    }),
    priority: { priorityKey: subject.priorityKey, fairnessKey: tenantId },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  } as const satisfies WorkflowSignalWithStartOptions<[RedeliverAsk]> & { args: [RedeliveryInput] };
}
