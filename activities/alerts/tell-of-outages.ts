import type { ProviderPlace } from '../../contracts/provider-run.js';
import type { OutageAlertRow } from '../../models/outage-alerts.js';
import { tellAdministrators, type Telling } from './tell-administrators.js';

const AT_ONCE = 50;

/**
 * A look at a provider found it down still: tells the tenant's administrators, unless they were told in this window or
 * want no alerts. Whatever becomes of it, the watch over the provider goes on: a failure here is logged, not thrown, and
 * what stays untold is told by the next look.
 */
export async function tellOfOutage(
  deps: Telling,
  place: ProviderPlace,
  seen: Pick<OutageAlertRow, 'downSince' | 'waiting' | 'failureReason'>,
): Promise<void> {
  await loggingFailures(deps, place, async () => {
    const tenant = await deps.models.tenants.find(place.tenantId);
    if (!tenant?.alerts.deliveryFailing) return;
    const windowMs = tenant.alerts.deliveryFailing.windowMinutes * 60_000;
    const row = await deps.models.outageAlerts.foundDown(place, seen, windowMs);
    if (row.due) await tell(deps, row);
  });
}

/** It works again: tells whom the outage was told. */
export async function tellOfRecovery(deps: Telling, place: ProviderPlace): Promise<void> {
  await loggingFailures(deps, place, async () => {
    const row = await deps.models.outageAlerts.worksAgain(place);
    if (row) await tell(deps, row);
  });
}

/** Tells of what a worker that died, or could not reach Temporal, has left untold. */
export async function tellOfAllOutages(deps: Telling): Promise<void> {
  for (const row of await deps.models.outageAlerts.due(AT_ONCE)) await tell(deps, row);
}

/** That they were told is written last, so a crash in between has it done again. */
async function tell(deps: Telling, row: OutageAlertRow): Promise<void> {
  const { tenantId, channel, provider, since, state } = row;
  await tellAdministrators(deps, {
    tenantId,
    channel,
    provider,
    data: {
      state,
      since: row.downSince.toISOString(),
      waiting: row.waiting,
      reason: row.failureReason,
    },
    ...(state === 'up' ? { severity: 'success' } : {}),
    about: [since.getTime(), state],
  });
  await deps.models.outageAlerts.markTold(row);
}

async function loggingFailures(
  { log }: Telling,
  place: ProviderPlace,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn({ ...place, err: error }, 'administrators were not told of a provider; trying again');
  }
}
