import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CarillonError } from '../../contracts/errors.js';
import { redriveWorkflowId } from '../../contracts/ids.js';
import type { RedriveInput } from '../../contracts/redrive-run.js';
import type { RedriveFilter } from '../../contracts/redrives.js';
import type { RedriveRow } from '../../models/redrives.js';
import { searchAttributes } from '../../runtime/search-attributes.js';
import type { ApiDependencies } from '../dependencies.js';
import { withDeadline } from '../../commands/temporal-calls.js';
import { redriveId } from '../../commands/trigger/notification-id.js';
import { requestHash } from '../../commands/trigger/request-hash.js';

const DAY_MS = 86_400_000;

interface RedriveRequest {
  filter: RedriveFilter;
  perSecond?: number;
  idempotencyKey?: string;
}

/**
 * Stores a redrive and starts its run. The same idempotency key again finds the same one, and starts what an earlier
 * call had only stored.
 * @throws CarillonError `conflict` for the same key with another request.
 */
export async function startRedrive(
  deps: ApiDependencies,
  tenantId: string,
  request: RedriveRequest,
  actor: string,
): Promise<{ row: RedriveRow; isNew: boolean }> {
  const id = redriveId(tenantId, request.idempotencyKey);
  const hash = requestHash(request);
  const tenant = await deps.models.tenants.find(tenantId);
  if (!tenant) throw new CarillonError('not_found', 'there is no such tenant');
  const createdAt = new Date();
  const { row, inserted } = await deps.models.redrives.insert({
    tenantId,
    id,
    status: 'accepted',
    filter: request.filter,
    perSecond: request.perSecond ?? deps.config.CARILLON_REDRIVE_PER_SECOND,
    requestHash: hash,
    createdBy: actor,
    createdAt,
    purgeAt: new Date(createdAt.getTime() + tenant.retention.deliveryDays * DAY_MS),
  });
  if (row.requestHash !== hash)
    throw new CarillonError('conflict', 'this idempotency key was used for another request');
  if (row.status === 'accepted') await startRun(deps, row);
  return { row, isNew: inserted };
}

async function startRun(deps: ApiDependencies, row: RedriveRow): Promise<void> {
  const { tenantId, id, perSecond } = row;
  const input: RedriveInput = { tenantId, redriveId: id, perSecond };
  try {
    await withDeadline(deps.client, () =>
      deps.client.workflow.start('redrive', {
        workflowId: redriveWorkflowId(tenantId, id),
        taskQueue: deps.taskQueue,
        args: [input],
        staticSummary: `redrive of ${namesOf(row.filter)}`,
        typedSearchAttributes: searchAttributes({
          CarillonTenant: tenantId,
          // Of one person's deliveries it is about the person, and goes when they are erased.
          ...(row.filter.recipient === undefined ? {} : { CarillonRecipient: row.filter.recipient }),
          CarillonStatus: 'accepted',
        }),
        priority: { priorityKey: 4, fairnessKey: tenantId },
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** For operators: `channel=email, failureReason=network_error`. */
function namesOf(filter: RedriveFilter): string {
  const named = Object.entries(filter).map(([name, value]) => `${name}=${value}`);
  return named.length > 0 ? named.join(', ') : 'all failed deliveries';
}
