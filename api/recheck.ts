import { WorkflowNotFoundError } from '@temporalio/client';
import { digestWorkflowId, notificationWorkflowId } from '../contracts/ids.js';
import { recheckSignal } from '../workflows/messages.js';
import type { ApiDependencies } from './dependencies.js';
import { withDeadline } from '../commands/temporal-calls.js';

const AT_ONCE = 20;

/**
 * Tells a person's waiting runs, and their digests, to plan again, since what they want, where they are reached or their quiet hours
 * changed. Every run plans again after its wait anyway, so a failure here delays the change and loses nothing: it is
 * logged, not thrown.
 */
export async function recheckWaiting(
  deps: ApiDependencies,
  tenantId: string,
  recipientId: string,
): Promise<void> {
  let afterId: string | undefined;
  try {
    for (;;) {
      const ids = await deps.models.notifications.findWaiting(tenantId, recipientId, afterId, AT_ONCE);
      await Promise.all(ids.map((id) => recheck(deps, notificationWorkflowId(tenantId, id))));
      if (ids.length < AT_ONCE) break;
      afterId = ids.at(-1);
    }
    const digests = await deps.models.digests.openOf(tenantId, recipientId);
    await Promise.all(digests.map((digest) => recheck(deps, digestWorkflowId(digest))));
  } catch (error) {
    deps.log.warn({ tenantId, err: error }, 'waiting runs were not told of a change');
  }
}

async function recheck(deps: ApiDependencies, workflowId: string): Promise<void> {
  try {
    await withDeadline(deps.client, () => deps.client.workflow.getHandle(workflowId).signal(recheckSignal));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
