import { CarillonError } from '../../contracts/errors.js';
import { broadcastWorkflowId } from '../../contracts/ids.js';
import { cancelSignal } from '../../workflows/messages.js';
import type { CommandDependencies } from '../dependencies.js';
import { tell } from '../temporal-calls.js';
import { broadcastId, notificationId } from '../trigger/notification-id.js';
import { stopUnsent, type Stop } from './stop-unsent.js';

/**
 * Stops what was triggered with an idempotency key, a notification or a broadcast, as far as it has not gone out. Answers how
 * many there were to stop. A broadcast can only be cancelled.
 */
export async function stopByKey(
  deps: CommandDependencies,
  tenantId: string,
  key: string,
  stop: Stop,
): Promise<number> {
  const stopped = await stopUnsent(deps, tenantId, [notificationId(tenantId, key)], stop);
  if (stopped > 0 || stop.as === 'acknowledged') return stopped;
  const workflowId = broadcastWorkflowId(tenantId, broadcastId(tenantId, key));
  const { by, reason } = stop;
  try {
    await tell(deps.client, () =>
      deps.client.workflow.getHandle(workflowId).signal(cancelSignal, { by, reason }),
    );
    return 1;
  } catch (error) {
    if (error instanceof CarillonError && error.code === 'too_late') return 0;
    throw error;
  }
}
