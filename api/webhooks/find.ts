import { CarillonError } from '../../contracts/errors.js';
import type { WebhookEndpoint } from '../../models/webhook-endpoints.js';
import type { ApiDependencies } from '../dependencies.js';

/** @throws CarillonError `not_found` */
export async function findEndpoint(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await deps.models.webhookEndpoints.find(tenantId, id);
  if (!endpoint) throw noEndpoint(id);
  return endpoint;
}

/** @throws CarillonError `not_found`, and `conflict` while it is disabled. */
export async function findEnabled(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(deps, tenantId, id);
  if (!endpoint.enabled) throw new CarillonError('conflict', 'the endpoint is disabled: enable it first');
  return endpoint;
}

export function noEndpoint(id: string): CarillonError {
  return new CarillonError('not_found', `there is no webhook endpoint "${id}"`);
}
