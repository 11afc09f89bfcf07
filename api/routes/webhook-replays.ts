import { z } from 'zod';
import { cancelSignal } from '../../workflows/messages.js';
import { CarillonError } from '../../contracts/errors.js';
import { webhookReplayWorkflowId } from '../../contracts/ids.js';
import { outboundEventTypes } from '../../contracts/outbound-events.js';
import { externalId, lineOfText } from '../../contracts/primitives.js';
import { replayStatuses, webhookReplay } from '../../contracts/webhooks.js';
import { tell, tooLate } from '../../commands/temporal-calls.js';
import type { ApiDependencies } from '../dependencies.js';
import { route } from '../route.js';
import { idParams, instantParameter, pageOf, paging } from '../schemas.js';
import {
  attemptView,
  outboundEventView,
  replayView,
  showAttempt,
  showOutboundEvent,
  showReplay,
} from '../views/webhook.js';
import { findEnabled, findEndpoint } from '../webhooks/find.js';
import { replayEvent, startReplay } from '../webhooks/replay.js';

const tag = 'webhooks';
const replayParams = z.object({ id: externalId, replayId: externalId });

const attempts = route({
  method: 'get',
  path: '/v1/webhooks/{id}/attempts',
  tag,
  summary: 'What became of each call of an endpoint, newest first',
  access: 'admin',
  params: idParams,
  query: z.strictObject({
    event: externalId.optional(),
    outcome: z.enum(['delivered', 'failed']).optional(),
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(attemptView) } },
  async handle({ tenantId, params, query }, deps) {
    const body = await deps.models.webhookAttempts.list(tenantId, params.id, query, showAttempt);
    await findEndpoint(deps, tenantId, params.id);
    return { status: 200, body };
  },
});

const accepted = z.union([
  z.object({ replay: replayView }),
  z.object({ event: z.string(), workflowId: z.string() }),
]);

const replay = route({
  method: 'post',
  path: '/v1/webhooks/{id}/replay',
  tag,
  summary: 'Send the events of a period again, or one event, with the IDs that they had',
  access: 'admin',
  audit: 'webhook.replayed',
  params: idParams,
  body: webhookReplay,
  answers: { 202: { description: 'accepted', schema: accepted } },
  async handle({ tenantId, params, body, actor }, deps) {
    const endpoint = await findEnabled(deps, tenantId, params.id);
    if ('event' in body) {
      const { event } = body;
      if (!(await deps.models.outboundEvents.find(tenantId, event))) throw noEvent(event);
      const { workflowId } = await replayEvent(deps, endpoint, event);
      return { status: 202, body: { event, workflowId }, audited: { subject: params.id, after: body } };
    }
    const row = await startReplay(deps, endpoint, body, actor);
    return {
      status: 202,
      body: { replay: showReplay(row, deps.config) },
      audited: { subject: params.id, after: { replay: row.id, ...body } },
    };
  },
});

const listReplays = route({
  method: 'get',
  path: '/v1/webhooks/{id}/replays',
  tag,
  summary: 'Replays of an endpoint, newest first',
  access: 'admin',
  params: idParams,
  query: z.strictObject(paging),
  answers: { 200: { description: 'a page', schema: pageOf(replayView) } },
  async handle({ tenantId, params, query }, deps) {
    const { items, nextCursor } = await deps.models.webhookReplays.list(tenantId, params.id, query);
    await findEndpoint(deps, tenantId, params.id);
    return { status: 200, body: { items: items.map((row) => showReplay(row, deps.config)), nextCursor } };
  },
});

const getReplay = route({
  method: 'get',
  path: '/v1/webhooks/{id}/replays/{replayId}',
  tag,
  summary: 'One replay: how far it is',
  access: 'admin',
  params: replayParams,
  answers: { 200: { description: 'the replay', schema: replayView } },
  async handle({ tenantId, params }, deps) {
    return { status: 200, body: showReplay(await findReplay(deps, tenantId, params), deps.config) };
  },
});

const cancelReplay = route({
  method: 'post',
  path: '/v1/webhooks/{id}/replays/{replayId}/cancel',
  tag,
  summary: 'Send no more of its events',
  access: 'admin',
  audit: 'webhook.replay_cancelled',
  params: replayParams,
  body: z.strictObject({ reason: lineOfText(200).optional() }),
  bodyOptional: true,
  answers: {
    202: {
      description: 'its run was told; `status` is what it was before',
      schema: z.object({ id: z.string(), status: z.enum(replayStatuses) }),
    },
  },
  async handle({ tenantId, params, body, actor }, deps) {
    const { id, status } = await findReplay(deps, tenantId, params);
    if (status !== 'running') throw tooLate();
    const handle = deps.client.workflow.getHandle(webhookReplayWorkflowId(tenantId, id));
    await tell(deps.client, () => handle.signal(cancelSignal, { by: actor, ...body }));
    return { status: 202, body: { id, status }, audited: { subject: id } };
  },
});

const events = route({
  method: 'get',
  path: '/v1/outbound-events',
  tag,
  summary: 'Events that can be sent again, newest first; kept for a tenant with an enabled endpoint',
  access: 'admin',
  query: z.strictObject({
    type: z.enum(outboundEventTypes).optional(),
    subject: externalId.optional(),
    from: instantParameter,
    to: instantParameter,
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(outboundEventView) } },
  async handle({ tenantId, query }, deps) {
    return {
      status: 200,
      body: await deps.models.outboundEvents.list(tenantId, query, showOutboundEvent),
    };
  },
});

const event = route({
  method: 'get',
  path: '/v1/outbound-events/{id}',
  tag,
  summary: 'One event, as endpoints get it',
  access: 'admin',
  params: idParams,
  answers: { 200: { description: 'the event', schema: outboundEventView } },
  async handle({ tenantId, params }, deps) {
    const row = await deps.models.outboundEvents.find(tenantId, params.id);
    if (!row) throw noEvent(params.id);
    return { status: 200, body: showOutboundEvent(row) };
  },
});

/** @throws CarillonError `not_found` */
async function findReplay(deps: ApiDependencies, tenantId: string, params: { id: string; replayId: string }) {
  const row = await deps.models.webhookReplays.find(tenantId, params.replayId);
  if (row?.endpointId !== params.id)
    throw new CarillonError('not_found', `there is no replay "${params.replayId}" of "${params.id}"`);
  return row;
}

function noEvent(id: string): CarillonError {
  return new CarillonError('not_found', `there is no event "${id}", or it is not kept any more`);
}

export const webhookReplayRoutes = [attempts, replay, listReplays, getReplay, cancelReplay, events, event];
