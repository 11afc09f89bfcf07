import { CarillonError } from '../../contracts/errors.js';
import { notificationWorkflowId } from '../../contracts/ids.js';
import { isFinal } from '../../contracts/statuses.js';
import { cancelSignal } from '../../workflows/messages.js';
import type { ApiDependencies } from '../dependencies.js';
import { leaveDigest } from '../digests/leave.js';
import { tell } from '../temporal-calls.js';

/** Cancels what of these notifications has not gone out: held by quiet hours, say, or waiting in a digest. */
export async function stopUnsent(
  deps: ApiDependencies,
  tenantId: string,
  notificationIds: readonly string[],
  { by, reason }: { by: string; reason: string },
): Promise<void> {
  for (const id of notificationIds) {
    const row = await deps.models.notifications.findRequest(tenantId, id);
    if (row && isFinal(row.status) && !row.waiting) continue;
    try {
      if (row?.status === 'digesting' && !row.waiting) {
        await leaveDigest(deps, tenantId, id, { as: 'cancelled', by, reason });
      } else {
        const handle = deps.client.workflow.getHandle(notificationWorkflowId(tenantId, id));
        await tell(deps.client, () => handle.signal(cancelSignal, { by, reason }));
      }
    } catch (error) {
      if (!(error instanceof CarillonError) || error.code !== 'too_late') throw error;
    }
  }
}
