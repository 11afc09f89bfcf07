import type { WebhookEndpointRow } from '../../models/webhook-endpoint-schema.js';
import { tellAdministrators, type Telling } from './tell-administrators.js';

const AT_ONCE = 50;

/**
 * Tells administrators of webhook endpoints that were disabled since nothing reached them. That they were told is written
 * last, so a crash in between has it done again.
 */
export async function tellOfAllDisabledEndpoints(deps: Telling): Promise<void> {
  for (const endpoint of await deps.models.webhookEndpoints.noticesDue(AT_ONCE)) await tell(deps, endpoint);
}

async function tell(deps: Telling, endpoint: WebhookEndpointRow): Promise<void> {
  const { tenantId, id, disabledReason, disabledAt, failingSince } = endpoint;
  const tenant = await deps.models.tenants.find(tenantId);
  if (tenant?.alerts.deliveryFailing && disabledAt) {
    await tellAdministrators(deps, {
      tenantId,
      // Events are no notifications: a tenant's channel of that name is none of this.
      channel: 'webhook',
      provider: id,
      data: {
        state: 'disabled',
        ...(disabledReason === undefined ? {} : { reason: disabledReason }),
        ...(failingSince ? { since: failingSince.toISOString() } : {}),
      },
      about: [disabledAt.getTime(), 'disabled'],
    });
  }
  await deps.models.webhookEndpoints.markTold(endpoint);
}
