import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { AudienceSources } from '../../contracts/audience.js';
import { broadcastInput } from '../../contracts/broadcast-input.js';
import { CarillonError } from '../../contracts/errors.js';
import { broadcastWorkflowId } from '../../contracts/ids.js';
import type { BroadcastMessage } from '../../contracts/broadcasts.js';
import type { BroadcastRow } from '../../models/broadcasts.js';
import { searchAttributes } from '../../runtime/search-attributes.js';
import type { broadcast } from '../../workflows/broadcast.js';
import type { CommandDependencies } from '../dependencies.js';
import { withDeadline } from '../temporal-calls.js';

/**
 * Starts a stored broadcast's run, unless it goes on already. From then on nothing loses it; the draft's own status
 * follows, or is set by the run.
 * @throws CarillonError `unprocessable` for an audience of nobody.
 */
export async function startBroadcast(
  deps: CommandDependencies,
  row: BroadcastRow,
): Promise<{ workflowId: string }> {
  const { tenantId, id } = row;
  const workflowId = broadcastWorkflowId(tenantId, id);
  const sources = JSON.parse(row.audience) as AudienceSources;
  const isListed = sources.list && (await deps.models.broadcastRecipients.count(tenantId, id, 1)) > 0;
  await refuseNobody(deps, tenantId, { sources, isListed, sendAt: row.sendAt });
  const vault = await deps.models.dataKeys.vault(tenantId);
  const { priority } = JSON.parse(vault.open(row.message)) as BroadcastMessage;
  const input = broadcastInput(row, priority, {
    pageSize: deps.config.CARILLON_BULK_PAGE,
    lanes: deps.config.CARILLON_BULK_LANES,
  });
  try {
    await withDeadline(deps.client, () =>
      deps.client.workflow.start<typeof broadcast>('broadcast', {
        workflowId,
        taskQueue: deps.taskQueue,
        args: [input],
        staticSummary: `${row.type} → ${row.name}`,
        typedSearchAttributes: searchAttributes({
          CarillonTenant: tenantId,
          CarillonType: row.type,
          CarillonStatus: 'accepted',
        }),
        priority: { priorityKey: input.priorityKey, fairnessKey: tenantId },
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'FAIL',
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  await deps.models.broadcasts.markStarted(tenantId, id);
  return { workflowId };
}

/**
 * Refuses an audience of nobody, unless its roles or topics may have somebody by the time it is due.
 * @param audience `isListed` says that somebody is on its own list.
 * @throws CarillonError `unprocessable`
 */
export async function refuseNobody(
  { models }: Pick<CommandDependencies, 'models'>,
  tenantId: string,
  audience: { sources: AudienceSources; isListed: boolean; sendAt?: Date },
): Promise<void> {
  const { roles, topics, everyone, filter } = audience.sources;
  if (audience.isListed) return;
  const now = new Date();
  const isLater = audience.sendAt !== undefined && audience.sendAt > now;
  if (isLater && (everyone || roles.length + topics.length > 0)) return;
  for (const topic of topics) {
    if ((await models.topicMembers.idsAfter(tenantId, topic, undefined, 1, now)).length > 0) return;
  }
  if (everyone && (await models.subscribers.idsAfter(tenantId, { filter }, undefined, 1, now)).length > 0)
    return;
  if (
    roles.length > 0 &&
    (await models.subscribers.idsAfter(tenantId, { roles, filter }, undefined, 1, now)).length > 0
  )
    return;
  throw new CarillonError('unprocessable', 'there is nobody in this audience', [
    { path: 'audience', message: 'there is nobody in it' },
  ]);
}
