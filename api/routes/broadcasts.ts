import type { SignalDefinition } from '@temporalio/common';
import { z } from 'zod';
import { broadcastCreate, broadcastStatuses, finalBroadcastStatuses } from '../../contracts/broadcasts.js';
import { CarillonError } from '../../contracts/errors.js';
import { broadcastWorkflowId } from '../../contracts/ids.js';
import type { OperatorNote } from '../../contracts/notification-run.js';
import { lineOfText } from '../../contracts/primitives.js';
import type { BroadcastRow } from '../../models/broadcasts.js';
import { cancelSignal, pauseSignal, resumeSignal } from '../../workflows/messages.js';
import { makeBroadcast } from '../../commands/broadcasts/make.js';
import { progressEvents } from '../broadcasts/progress.js';
import { startBroadcast } from '../../commands/broadcasts/start.js';
import type { ApiDependencies } from '../dependencies.js';
import { route, type Route } from '../route.js';
import { idParams, pageOf, paging } from '../schemas.js';
import { tell, tooLate } from '../../commands/temporal-calls.js';
import { withKey } from '../trigger/with-key.js';
import { broadcastView, showBroadcast } from '../views/broadcast.js';

const tag = 'broadcasts';
const note = z.strictObject({ reason: lineOfText(200).optional() });
const accepted = z.object({
  id: z.string(),
  workflowId: z.string(),
  status: z.enum(broadcastStatuses),
  duplicate: z.boolean(),
});

const create = route({
  method: 'post',
  path: '/v1/broadcasts',
  tag,
  summary:
    'Send one message to many people; without `to` and `audience` a draft that recipients are streamed to',
  access: 'manager',
  audit: 'broadcast.created',
  idempotent: true,
  body: broadcastCreate,
  answers: {
    202: { description: 'accepted: nothing will lose it now', schema: accepted },
    201: { description: 'a draft: add recipients, then start it', schema: accepted },
    200: { description: 'the same idempotency key and request as before', schema: accepted },
  },
  async handle({ tenantId, body, idempotencyKey, actor, may }, deps) {
    const { schedule: _none, ...request } = withKey(body, idempotencyKey);
    const { row, isNew } = await makeBroadcast(deps, tenantId, request, { actor, may });
    const isDraft = request.to === undefined && request.audience === undefined;
    if (!isDraft && row.status === 'draft') await startBroadcast(deps, row);
    const status = row.status === 'draft' && !isDraft ? 'scheduled' : row.status;
    return {
      status: isNew ? (isDraft ? 201 : 202) : 200,
      body: { id: row.id, workflowId: broadcastWorkflowId(tenantId, row.id), status, duplicate: !isNew },
      audited: isNew ? { subject: row.id, after: { name: row.name, type: row.type, status } } : undefined,
    };
  },
});

const list = route({
  method: 'get',
  path: '/v1/broadcasts',
  tag,
  summary: 'List broadcasts, newest first',
  access: 'sender',
  query: z.strictObject({ status: z.enum(broadcastStatuses).optional(), ...paging }),
  answers: { 200: { description: 'a page', schema: pageOf(broadcastView) } },
  async handle({ tenantId, query }, deps) {
    const { items, nextCursor } = await deps.models.broadcasts.list(tenantId, query, (row) => row);
    const shown = [];
    for (const row of items) shown.push(await showBroadcast(deps, row));
    return { status: 200, body: { items: shown, nextCursor } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/broadcasts/{id}',
  tag,
  summary: 'One broadcast with its counts as they are now',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'the broadcast', schema: broadcastView } },
  async handle({ tenantId, params }, deps) {
    return { status: 200, body: await showBroadcast(deps, await findBroadcast(deps, tenantId, params.id)) };
  },
});

const progress = route({
  method: 'get',
  path: '/v1/broadcasts/{id}/progress',
  tag,
  summary: 'Its state as Server-Sent Events: `progress` at each change, `end` at last',
  access: 'sender',
  params: idParams,
  answers: {
    200: {
      description: 'each event’s data is the broadcast',
      schema: broadcastView,
      mediaType: 'text/event-stream',
    },
  },
  async handle({ tenantId, params }, deps) {
    await findBroadcast(deps, tenantId, params.id);
    return { status: 200, events: progressEvents(deps, tenantId, params.id) };
  },
});

const start = route({
  method: 'post',
  path: '/v1/broadcasts/{id}/start',
  tag,
  summary: 'Start a draft',
  access: 'manager',
  audit: 'broadcast.started',
  params: idParams,
  answers: { 202: { description: 'accepted: nothing will lose it now', schema: accepted } },
  async handle({ tenantId, params }, deps) {
    const row = await findBroadcast(deps, tenantId, params.id);
    if (row.status !== 'draft')
      throw new CarillonError('conflict', `it was started already: it is ${row.status}`);
    const { workflowId } = await startBroadcast(deps, row);
    return {
      status: 202,
      body: { id: row.id, workflowId, status: 'scheduled', duplicate: false },
      audited: { subject: row.id },
    };
  },
});

function signalRoute(
  name: string,
  audit: string,
  summary: string,
  signal: SignalDefinition<[OperatorNote?]>,
): Route {
  return route({
    method: 'post',
    path: `/v1/broadcasts/{id}/${name}`,
    tag,
    summary,
    access: 'manager',
    audit,
    params: idParams,
    body: note,
    bodyOptional: true,
    answers: {
      202: {
        description: 'the run was told; `status` is what it was before',
        schema: z.object({ id: z.string(), status: z.enum(broadcastStatuses) }),
      },
    },
    async handle({ tenantId, params, body, actor }, deps) {
      const row = await findBroadcast(deps, tenantId, params.id);
      if (finalBroadcastStatuses.includes(row.status)) throw tooLate();
      if (row.status === 'draft') throw new CarillonError('conflict', 'it was not started yet');
      const handle = deps.client.workflow.getHandle(broadcastWorkflowId(tenantId, row.id));
      await tell(deps.client, () => handle.signal(signal, { by: actor, ...body }));
      return {
        status: 202,
        body: { id: row.id, status: row.status },
        audited: { subject: row.id, before: { status: row.status }, after: body },
      };
    },
  });
}

/** @throws CarillonError `not_found` */
export async function findBroadcast(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
): Promise<BroadcastRow> {
  const row = await deps.models.broadcasts.find(tenantId, id);
  if (!row) throw new CarillonError('not_found', `there is no broadcast "${id}"`);
  return row;
}

export const broadcastRoutes = [
  create,
  list,
  get,
  progress,
  start,
  signalRoute(
    'pause',
    'broadcast.paused',
    'Stop between two chunks of recipients, until it is resumed',
    pauseSignal,
  ),
  signalRoute('resume', 'broadcast.resumed', 'Go on where it was paused', resumeSignal),
  signalRoute(
    'cancel',
    'broadcast.cancelled',
    'Stop for good: whoever was not told yet is not, whoever waits is cancelled',
    cancelSignal,
  ),
];
