import { CarillonError } from '../../contracts/errors.js';
import { notificationWorkflowId } from '../../contracts/ids.js';
import { isFinal } from '../../contracts/statuses.js';
import { acknowledgedSignal, cancelSignal } from '../../workflows/messages.js';
import type { CommandDependencies } from '../dependencies.js';
import { leaveDigest } from '../digests/leave.js';
import { tell } from '../temporal-calls.js';

/** Why what has not gone out is stopped. */
export interface Stop {
  /** The actor, for the timeline. */
  by: string;
  reason: string;
  /** `acknowledged`: the person knows already. Default `cancelled`. */
  as?: 'cancelled' | 'acknowledged';
}

/**
 * Stops what of these notifications has not gone out: held by quiet hours, say, or waiting in a digest. Answers how many
 * there were to stop; one that is over, or was never there, is none.
 */
export async function stopUnsent(
  deps: CommandDependencies,
  tenantId: string,
  notificationIds: readonly string[],
  { by, reason, as = 'cancelled' }: Stop,
): Promise<number> {
  const signal = as === 'cancelled' ? cancelSignal : acknowledgedSignal;
  let stopped = 0;
  for (const id of notificationIds) {
    const row = await deps.models.notifications.findRequest(tenantId, id);
    if (row && isFinal(row.status) && !row.waiting) continue;
    try {
      if (row?.status === 'digesting' && !row.waiting) {
        await leaveDigest(deps, tenantId, id, { as, by, reason });
      } else {
        const handle = deps.client.workflow.getHandle(notificationWorkflowId(tenantId, id));
        await tell(deps.client, () => handle.signal(signal, { by, reason }));
      }
      stopped += 1;
    } catch (error) {
      if (!(error instanceof CarillonError) || error.code !== 'too_late') throw error;
    }
  }
  return stopped;
}
