import { providerName, type ProviderPlace } from '../../contracts/provider-run.js';
import { tellOfOutage } from '../alerts/tell-of-outages.js';
import type { ActivityDependencies } from '../dependencies.js';

/**
 * A look at a provider found it down still: a line for operators each time, an alert for the tenant's administrators
 * once in a window.
 */
export async function sayDown(deps: ActivityDependencies, place: ProviderPlace): Promise<void> {
  const row = await deps.models.providerHealth.find(place);
  if (row?.state !== 'down' || !row.downSince) return;
  const { downSince, failureReason, providerResponse } = row;
  const waiting = await deps.models.deliveryParking.countParked(place.tenantId, providerName(place));
  const downForMs = Date.now() - downSince.getTime();
  deps.log.warn({ ...place, waiting, downForMs, failureReason, providerResponse }, 'provider still down');
  await tellOfOutage(deps, place, { downSince, waiting, failureReason });
}
