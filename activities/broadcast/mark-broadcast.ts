import type { MarkRequest } from '../../contracts/broadcast-run.js';
import type { ActivityDependencies } from '../dependencies.js';

/** Writes a broadcast's status where the API reads it. */
export function createMarkBroadcast(deps: ActivityDependencies) {
  return async function markBroadcast(request: MarkRequest): Promise<void> {
    const { tenantId, broadcastId, status, processed = 0 } = request;
    const { broadcasts } = deps.models;
    if (status === 'scheduled' || status === 'running' || status === 'paused') {
      await broadcasts.markStatus(tenantId, broadcastId, status);
    } else await broadcasts.markEnded(tenantId, broadcastId, { status, processed });
  };
}
