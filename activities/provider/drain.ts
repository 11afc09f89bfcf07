import { Context } from '@temporalio/activity';
import { providerName, type DrainOutcome, type DrainRequest } from '../../contracts/provider-run.js';
import type { ActivityDependencies } from '../dependencies.js';
import { tellOfRecovery } from '../alerts/tell-of-outages.js';
import { inParallel } from '../in-parallel.js';
import { sayDown } from './say-down.js';

/** Released at first in a second; doubled each second up to the limit, so that a provider that stumbles is spared. */
const FIRST_PER_SECOND = 1;
const SIGNALS_AT_ONCE = 20;
const SECOND_MS = 1_000;

/**
 * Lets go what waits for a provider that answers again: the most urgent first, no more in a second than
 * `CARILLON_DRAIN_PER_SECOND`. Ends early when the provider is found down again meanwhile; the rest waits on.
 */
export function createDrainProvider(deps: ActivityDependencies) {
  return async function drainProvider(request: DrainRequest): Promise<DrainOutcome> {
    const { tenantId, channel, provider } = request;
    const place = { tenantId, channel, provider };
    const name = providerName(place);
    const { providerHealth, deliveryParking } = deps.models;
    const context = Context.current();
    let released = (context.info.heartbeatDetails as number | undefined) ?? request.released;
    let perSecond = Math.min(FIRST_PER_SECOND, deps.drainPerSecond);
    let downSince: Date | undefined;
    await providerHealth.beginDraining(place);
    for (;;) {
      const beganMs = Date.now();
      const row = await providerHealth.find(place);
      if (row?.state === 'down') return downAgain();
      downSince ??= row?.downSince;
      const waiting = await deliveryParking.parked(tenantId, name, perSecond);
      if (waiting.length === 0) {
        const isWell = await providerHealth.endDraining(place);
        if (!isWell) return downAgain();
        // What was parked in the moment before it counted as well.
        if ((await deliveryParking.countParked(tenantId, name)) > 0) continue;
        const downForMs = downSince && Date.now() - downSince.getTime();
        deps.log.info({ ...place, released, downForMs }, 'provider works again');
        await tellOfRecovery(deps, place);
        return { released, isDownAgain: false };
      }
      await inParallel(waiting, SIGNALS_AT_ONCE, async ({ id, notificationId }) => {
        if (!(await deps.runs.release(tenantId, notificationId))) {
          deps.log.warn({ tenantId, deliveryId: id }, 'nobody waits for a parked delivery');
        }
        await deliveryParking.markReleased(tenantId, id);
      });
      released += waiting.length;
      context.heartbeat(released);
      await providerHealth.watched(place);
      perSecond = Math.min(perSecond * 2, deps.drainPerSecond);
      await context.sleep(Math.max(0, beganMs + SECOND_MS - Date.now()));
    }

    async function downAgain(): Promise<DrainOutcome> {
      await sayDown(deps, place);
      return { released, isDownAgain: true };
    }
  };
}
