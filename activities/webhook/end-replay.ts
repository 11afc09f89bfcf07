import type { EndReplayRequest } from '../../contracts/webhook-run.js';
import type { ActivityDependencies } from '../dependencies.js';

/** A replay is over; what it did not come to is not sent. */
export function createEndReplay({ models }: ActivityDependencies) {
  return async function endReplay({ tenantId, replayId, status }: EndReplayRequest): Promise<void> {
    await models.webhookReplays.markEnded(tenantId, replayId, status);
  };
}
