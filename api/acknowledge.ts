import { WorkflowNotFoundError } from '@temporalio/client';
import { notificationWorkflowId } from '../contracts/ids.js';
import type { NotificationRow } from '../models/notification-schema.js';
import { acknowledgedSignal } from '../workflows/messages.js';
import type { ApiDependencies } from './dependencies.js';
import { withDeadline } from '../commands/temporal-calls.js';

/**
 * A read stops what has not gone out elsewhere: tells the run, if one is still waiting. The read itself is stored
 * already, so a failure here is logged, not thrown.
 */
export async function acknowledgeRun(
  deps: ApiDependencies,
  row: Pick<NotificationRow, 'tenantId' | 'id' | 'waiting'>,
  by: string,
): Promise<void> {
  if (!row.waiting) return;
  const handle = deps.client.workflow.getHandle(notificationWorkflowId(row.tenantId, row.id));
  try {
    await withDeadline(deps.client, () => handle.signal(acknowledgedSignal, { by, reason: 'read' }));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    deps.log.warn(
      { tenantId: row.tenantId, notificationId: row.id, err: error },
      'a run was not told of a read',
    );
  }
}
