import type { WorkflowSignalWithStartOptions } from '@temporalio/client';
import { reminderWorkflowId } from '../contracts/ids.js';
import { priorityKey } from '../contracts/priorities.js';
import type { ReminderInput, ReminderPlace } from '../contracts/reminders.js';
import { searchAttributes } from './search-attributes.js';

/** How a reminder's run is told to look again: where none goes on, one begins. */
export function reminderStart(
  { tenantId, key, type, recipientId }: ReminderPlace & { type: string; recipientId: string },
  taskQueue: string,
) {
  return {
    workflowId: reminderWorkflowId({ tenantId, key }),
    taskQueue,
    args: [{ tenantId, key }] as [ReminderInput],
    signal: 'recheck',
    signalArgs: [] as [],
    staticSummary: `reminder of ${type} → ${recipientId}`,
    typedSearchAttributes: searchAttributes({
      CarillonTenant: tenantId,
      CarillonRecipient: recipientId,
      CarillonType: type,
      CarillonStatus: 'held',
    }),
    priority: { priorityKey: priorityKey.normal, fairnessKey: tenantId },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  } as const satisfies WorkflowSignalWithStartOptions<[]> & { args: [ReminderInput] };
}
