import type { WorkflowStartOptions } from '@temporalio/client';
import { notificationWorkflowId } from '../contracts/ids.js';
import type { NotificationInput } from '../contracts/notification-run.js';
import { BROADCAST_PRIORITY, priorityKey } from '../contracts/priorities.js';
import { searchAttributes } from './search-attributes.js';

/** How a notification's run is started, by whoever starts it: its ID, what operators see of it, its place in the queue. */
export function notificationStart(input: NotificationInput, taskQueue: string) {
  const { tenantId, notificationId, recipientId, trigger } = input;
  return {
    workflowId: notificationWorkflowId(tenantId, notificationId),
    taskQueue,
    args: [input] as [NotificationInput],
    memo: { requestHash: input.requestHash },
    staticSummary: `${trigger.type} → ${recipientId}`,
    typedSearchAttributes: searchAttributes({
      CarillonTenant: tenantId,
      CarillonRecipient: recipientId,
      CarillonType: trigger.type,
      CarillonStatus: 'accepted',
    }),
    priority: {
      priorityKey: input.broadcastId === undefined ? priorityKey[trigger.priority] : BROADCAST_PRIORITY,
      fairnessKey: tenantId,
    },
    // A run that failed or was terminated is completed by the same trigger, sent again; one that ended well is not.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    workflowIdConflictPolicy: 'FAIL',
  } as const satisfies WorkflowStartOptions;
}
