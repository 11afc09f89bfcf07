import type { AnyTrigger } from '../../contracts/broadcasts.js';
import { broadcastWorkflowId } from '../../contracts/ids.js';
import { makeBroadcast } from '../broadcasts/make.js';
import { startBroadcast } from '../broadcasts/start.js';
import type { CommandDependencies } from '../dependencies.js';
import { accept } from './accept.js';

/** What was started: a notification of one person or address, or a broadcast to many. */
export type Started = { workflowId: string; duplicate: boolean } & (
  { notificationId: string } | { broadcastId: string }
);

/** For an event: accepts a trigger for one, or makes and starts the broadcast that one for many is, named after its type. */
export async function triggerAny(
  deps: CommandDependencies,
  tenantId: string,
  request: AnyTrigger,
  by: { actor: string; may: (role: 'manager' | 'admin') => boolean },
): Promise<Started> {
  const { to } = request;
  if ('recipient' in to) {
    const { id, workflowId, duplicate } = await accept(
      deps,
      tenantId,
      { ...request, to },
      { waitForDecision: false, via: 'events' },
    );
    return { notificationId: id, workflowId, duplicate };
  }
  const { row, isNew } = await makeBroadcast(deps, tenantId, { ...request, to, name: request.type }, by);
  if (row.status === 'draft') await startBroadcast(deps, row);
  return {
    broadcastId: row.id,
    workflowId: broadcastWorkflowId(tenantId, row.id),
    duplicate: !isNew,
  };
}
