import type { HandOverRequest } from '../../contracts/digests.js';
import type { ActivityDependencies } from '../dependencies.js';
import { openTrigger } from '../stored-trigger.js';

/** Starts a run of its own for a digest's notification that waits, or whose first attempt failed. */
export function createHandOver(deps: ActivityDependencies) {
  return async function handOver({ tenantId, notificationId }: HandOverRequest): Promise<void> {
    const row = await deps.models.notifications.find(tenantId, notificationId);
    if (!row) return;
    const vault = await deps.models.dataKeys.vault(tenantId);
    await deps.runs.start({
      tenantId,
      notificationId,
      recipientId: row.recipientId,
      trigger: openTrigger(vault, row.trigger),
      requestHash: row.requestHash,
      acceptedAtMs: row.createdAt.getTime(),
    });
  };
}
