import { Context } from '@temporalio/activity';
import type { BeginRedriveRequest } from '../../contracts/redrive-run.js';
import { finalRedriveStatuses, type RedriveCounts } from '../../contracts/redrives.js';
import type { ActivityDependencies } from '../dependencies.js';

const AT_ONCE = 1_000;

/**
 * Marks the failed deliveries that match, once: what fails later is not in this redrive, nor is what waits in another
 * one. Repeated, it marks what is missing. Undefined when the redrive is gone, or was ended from outside.
 */
export function createBeginRedrive({ models }: ActivityDependencies) {
  return async function beginRedrive(place: BeginRedriveRequest): Promise<RedriveCounts | undefined> {
    const { tenantId, redriveId } = place;
    const row = await models.redrives.markBegun(tenantId, redriveId);
    if (!row || finalRedriveStatuses.includes(row.status)) return undefined;
    const others = (await models.redrives.runningIds(tenantId)).filter((id) => id !== redriveId);
    let position = await models.deliveryRedrives.queue(place, row.filter, others, {
      position: undefined,
      limit: AT_ONCE,
    });
    while (position) {
      Context.current().heartbeat();
      position = await models.deliveryRedrives.queue(place, row.filter, others, {
        position,
        limit: AT_ONCE,
      });
    }
    const { matched, queued, started, skipped } = await models.deliveryRedrives.tally(tenantId, redriveId);
    return { matched, queued, started, skipped };
  };
}
