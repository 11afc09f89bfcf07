import type { WorkflowStartOptions } from '@temporalio/client';
import { webhookWorkflowId } from '../contracts/ids.js';
import type { WebhookDeliveryInput } from '../contracts/webhook-run.js';
import { searchAttributes } from './search-attributes.js';

/** Behind what people wait for. */
const PRIORITY = 4;

/** How an event that its receiver did not take is tried again, by whoever starts it: one run for event and endpoint. */
export function webhookStart(input: WebhookDeliveryInput, taskQueue: string) {
  const { tenantId, eventId, endpointId } = input;
  return {
    workflowId: webhookWorkflowId(input),
    taskQueue,
    args: [input] as [WebhookDeliveryInput],
    staticSummary: `${eventId} → ${endpointId}`,
    typedSearchAttributes: searchAttributes({
      CarillonTenant: tenantId,
      CarillonType: 'webhook',
      CarillonStatus: 'sending',
    }),
    priority: { priorityKey: PRIORITY, fairnessKey: tenantId },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  } as const satisfies WorkflowStartOptions & { args: [WebhookDeliveryInput] };
}
