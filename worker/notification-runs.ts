import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { NotificationRuns } from '../activities/dependencies.js';
import { notificationWorkflowId } from '../contracts/ids.js';
import { redeliveryStart } from '../runtime/redelivery-start.js';
import { notificationStart } from '../runtime/notification-start.js';

/** Runs of single notifications, as a broadcast's activities start and tell them. */
export function notificationRuns(client: Client, taskQueue: string): NotificationRuns {
  return {
    async start(input) {
      try {
        await client.workflow.start('notification', notificationStart(input, taskQueue));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    async redeliver(subject, ask) {
      await client.workflow.signalWithStart('redelivery', redeliveryStart(subject, ask, taskQueue));
    },
    async cancel(tenantId, notificationId, note) {
      try {
        const handle = client.workflow.getHandle(notificationWorkflowId(tenantId, notificationId));
        await handle.signal('cancel', note === undefined ? {} : { reason: note });
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}
