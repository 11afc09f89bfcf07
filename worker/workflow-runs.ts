import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { WorkflowRuns } from '../activities/dependencies.js';
import { notificationWorkflowId } from '../contracts/ids.js';
import { digestStart } from '../runtime/digest-start.js';
import { redeliveryStart } from '../runtime/redelivery-start.js';
import { watchProvider } from './watch-provider.js';
import { workflowHistories } from './workflow-histories.js';
import { webhookStart } from '../runtime/webhook-start.js';
import { notificationStart } from '../runtime/notification-start.js';

/** Runs of workflows, as activities start and tell them. */
export function workflowRuns(client: Client, taskQueue: string): WorkflowRuns {
  return {
    async start(input) {
      try {
        await client.workflow.start('notification', notificationStart(input, taskQueue));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    async retryWebhook(input) {
      try {
        await client.workflow.start('webhookDelivery', webhookStart(input, taskQueue));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    async redeliver(subject, ask) {
      await client.workflow.signalWithStart('redelivery', redeliveryStart(subject, ask, taskQueue));
    },
    async collect(place, news) {
      await client.workflow.signalWithStart('digest', {
        ...digestStart(place, taskQueue),
        signal: 'addItem',
        signalArgs: [news],
      });
    },
    histories: workflowHistories(client),
    watchProvider: (place) => watchProvider(client, taskQueue, place),
    cancel: (tenantId, notificationId, note) =>
      tell(tenantId, notificationId, 'cancel', note === undefined ? {} : { reason: note }),
    release: (tenantId, notificationId) => tell(tenantId, notificationId, 'release'),
  };

  /** False when there is no run that goes on. */
  async function tell(tenantId: string, notificationId: string, signal: string, ...args: object[]) {
    try {
      await client.workflow
        .getHandle(notificationWorkflowId(tenantId, notificationId))
        .signal(signal, ...args);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}
