import { z } from 'zod';
import { ulid } from 'ulid';
import { CarillonError } from '../../contracts/errors.js';
import { notificationWorkflowId } from '../../contracts/ids.js';
import { failedDeliveryStatuses } from '../../contracts/redelivery.js';
import { deliveryStatuses } from '../../contracts/statuses.js';
import { redeliveryStart } from '../../runtime/redelivery-start.js';
import { route } from '../route.js';
import { idParams } from '../schemas.js';
import { withDeadline } from '../../commands/temporal-calls.js';
import { temporalUrl } from '../views/notification.js';

const retry = route({
  method: 'post',
  path: '/v1/deliveries/{id}/retry',
  tag: 'deliveries',
  summary: 'Try a failed delivery again: preferences, suppressions, quiet hours and expiry are asked anew',
  access: 'sender',
  audit: 'delivery.retried',
  params: idParams,
  answers: {
    202: {
      description: 'its run was told; `status` is what it was before',
      schema: z.object({
        id: z.string(),
        status: z.enum(deliveryStatuses),
        workflowId: z.string(),
        temporalUrl: z.string().nullable(),
      }),
    },
  },
  async handle({ tenantId, params, actor }, deps) {
    const row = await deps.models.deliveries.find(tenantId, params.id);
    if (!row) throw new CarillonError('not_found', `there is no delivery "${params.id}"`);
    if (!failedDeliveryStatuses.includes(row.status))
      throw new CarillonError('too_late', `only what has failed is tried again: it is ${row.status}`);
    if (row.channel === 'in_app')
      throw new CarillonError('unprocessable', 'the inbox is written with the plan: it is not sent');
    const notification = await deps.models.notifications.find(tenantId, row.notificationId);
    if (!notification) throw new CarillonError('too_late', 'its notification is not kept any more');
    if (Object.values(notification.outcomes).includes('cancelled'))
      throw new CarillonError('too_late', 'its notification was cancelled');
    const { notificationId } = row;
    const ask = { tenantId, notificationId, deliveryId: row.id, round: `rty_${ulid()}`, by: actor };
    await withDeadline(deps.client, () =>
      deps.client.workflow.signalWithStart('redelivery', redeliveryStart(row, ask, deps.taskQueue)),
    );
    const workflowId = notificationWorkflowId(tenantId, notificationId);
    return {
      status: 202,
      body: { id: row.id, status: row.status, workflowId, temporalUrl: temporalUrl(deps.config, workflowId) },
      audited: { subject: row.id },
    };
  },
});

export const deliveryRetries = [retry];
