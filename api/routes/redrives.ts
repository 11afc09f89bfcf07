import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { redriveWorkflowId } from '../../contracts/ids.js';
import { lineOfText } from '../../contracts/primitives.js';
import { finalRedriveStatuses, redriveCreate, redriveStatuses } from '../../contracts/redrives.js';
import type { RedriveRow } from '../../models/redrives.js';
import { cancelSignal } from '../../workflows/messages.js';
import type { ApiDependencies } from '../dependencies.js';
import { startRedrive } from '../redrives/start.js';
import { route } from '../route.js';
import { idParams, pageOf, paging } from '../schemas.js';
import { tell, tooLate } from '../../commands/temporal-calls.js';
import { withKey } from '../trigger/with-key.js';
import { redriveView, showRedrive } from '../views/redrive.js';

const tag = 'deliveries';
const accepted = z.object({
  redriveId: z.string(),
  workflowId: z.string(),
  status: z.enum(redriveStatuses),
  duplicate: z.boolean(),
});

const create = route({
  method: 'post',
  path: '/v1/deliveries/redrive',
  tag,
  summary: 'Try all failed deliveries again that match a filter; `dryRun` only counts them',
  access: 'manager',
  audit: 'redrive.started',
  idempotent: true,
  body: redriveCreate,
  answers: {
    202: { description: 'accepted: nothing will lose it now', schema: accepted },
    200: {
      description: 'with `dryRun` how many match now; else the same idempotency key and request as before',
      schema: z.union([z.object({ count: z.number().int() }), accepted]),
    },
  },
  async handle({ tenantId, body, idempotencyKey, actor }, deps) {
    const { dryRun, ...request } = withKey(body, idempotencyKey);
    if (dryRun) {
      const running = await deps.models.redrives.runningIds(tenantId);
      const count = await deps.models.deliveryRedrives.count(tenantId, request.filter, running);
      return { status: 200, body: { count }, audited: undefined };
    }
    const { row, isNew } = await startRedrive(deps, tenantId, request, actor);
    return {
      status: isNew ? 202 : 200,
      body: {
        redriveId: row.id,
        workflowId: redriveWorkflowId(tenantId, row.id),
        status: row.status,
        duplicate: !isNew,
      },
      audited: isNew
        ? { subject: row.id, after: { filter: row.filter, perSecond: row.perSecond } }
        : undefined,
    };
  },
});

const list = route({
  method: 'get',
  path: '/v1/redrives',
  tag,
  summary: 'List redrives, newest first',
  access: 'sender',
  query: z.strictObject({ status: z.enum(redriveStatuses).optional(), ...paging }),
  answers: { 200: { description: 'a page', schema: pageOf(redriveView) } },
  async handle({ tenantId, query }, deps) {
    const { items, nextCursor } = await deps.models.redrives.list(tenantId, query);
    const shown = [];
    for (const row of items) shown.push(await showRedrive(deps, row));
    return { status: 200, body: { items: shown, nextCursor } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/redrives/{id}',
  tag,
  summary: 'One redrive: how far it is, and what has become of what it started',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'the redrive', schema: redriveView } },
  async handle({ tenantId, params }, deps) {
    return { status: 200, body: await showRedrive(deps, await findRedrive(deps, tenantId, params.id)) };
  },
});

const cancel = route({
  method: 'post',
  path: '/v1/redrives/{id}/cancel',
  tag,
  summary: 'Start no more of its deliveries; those that were started go on',
  access: 'manager',
  audit: 'redrive.cancelled',
  params: idParams,
  body: z.strictObject({ reason: lineOfText(200).optional() }),
  bodyOptional: true,
  answers: {
    202: {
      description: 'its run was told; `status` is what it was before',
      schema: z.object({ id: z.string(), status: z.enum(redriveStatuses) }),
    },
  },
  async handle({ tenantId, params, body, actor }, deps) {
    const row = await findRedrive(deps, tenantId, params.id);
    if (finalRedriveStatuses.includes(row.status)) throw tooLate();
    await stop(deps, row, { by: actor, ...body });
    return { status: 202, body: { id: row.id, status: row.status }, audited: { subject: row.id } };
  },
});

/** A run that was terminated left its row open, and deliveries waiting in it: then they are let go here. */
async function stop(
  deps: ApiDependencies,
  { tenantId, id }: RedriveRow,
  note: { by: string; reason?: string },
): Promise<void> {
  const handle = deps.client.workflow.getHandle(redriveWorkflowId(tenantId, id));
  try {
    await tell(deps.client, () => handle.signal(cancelSignal, note));
  } catch (error) {
    if (!(error instanceof CarillonError) || error.code !== 'too_late') throw error;
    await deps.models.deliveryRedrives.skipQueued(tenantId, id);
    const { matched, queued, started, skipped } = await deps.models.deliveryRedrives.tally(tenantId, id);
    const counts = { matched, queued, started, skipped };
    await deps.models.redrives.markEnded(tenantId, id, { status: 'cancelled', counts });
  }
}

/** @throws CarillonError `not_found` */
async function findRedrive(deps: ApiDependencies, tenantId: string, id: string): Promise<RedriveRow> {
  const row = await deps.models.redrives.find(tenantId, id);
  if (!row) throw new CarillonError('not_found', `there is no redrive "${id}"`);
  return row;
}

export const redriveRoutes = [create, list, get, cancel];
