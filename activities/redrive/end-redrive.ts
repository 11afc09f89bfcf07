import type { EndRedriveRequest } from '../../contracts/redrive-run.js';
import type { RedriveCounts } from '../../contracts/redrives.js';
import type { ActivityDependencies } from '../dependencies.js';

/** What waits is not started any more, and the counts are kept: the deliveries may become part of another redrive. */
export function createEndRedrive({ models }: ActivityDependencies) {
  return async function endRedrive(request: EndRedriveRequest): Promise<RedriveCounts> {
    const { tenantId, redriveId, status } = request;
    await models.deliveryRedrives.skipQueued(tenantId, redriveId);
    const { matched, queued, started, skipped } = await models.deliveryRedrives.tally(tenantId, redriveId);
    const counts = { matched, queued, started, skipped };
    await models.redrives.markEnded(tenantId, redriveId, { status, counts });
    return counts;
  };
}
