import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { TEST_EVENT, type OutboundEvent } from '../../contracts/outbound-events.js';
import { DEFAULT_OVERLAP_MS, webhookCreate, webhookPatch, webhookRotate } from '../../contracts/webhooks.js';
import { attemptEvent } from '../../events/outbound/attempt.js';
import { sequenceOf } from '../../models/outbound-changes.js';
import { signingSecrets } from '../../models/webhook-endpoints.js';
import { route } from '../route.js';
import { idParams, pageOf, paging } from '../schemas.js';
import {
  attemptView,
  auditedEndpoint,
  endpointView,
  endpointWithSecretView,
  showAttempt,
  showEndpoint,
} from '../views/webhook.js';
import { checkUrl } from '../webhooks/check-url.js';
import { findEndpoint, noEndpoint } from '../webhooks/find.js';

const tag = 'webhooks';

const create = route({
  method: 'post',
  path: '/v1/webhooks',
  tag,
  summary: 'Have events sent to a URL; the secret that they are signed with is shown this once',
  access: 'admin',
  audit: 'webhook.created',
  body: webhookCreate,
  answers: { 201: { description: 'the endpoint', schema: endpointWithSecretView } },
  async handle({ tenantId, body }, deps) {
    await checkUrl(deps.network, body.url);
    const endpoint = await deps.models.webhookEndpoints.create(tenantId, body);
    const [secret = ''] = signingSecrets(endpoint);
    return {
      status: 201,
      body: { ...showEndpoint(endpoint), secret },
      audited: { subject: endpoint.id, after: auditedEndpoint(endpoint) },
    };
  },
});

const list = route({
  method: 'get',
  path: '/v1/webhooks',
  tag,
  summary: 'List webhook endpoints with their state, oldest first',
  access: 'admin',
  query: z.strictObject(paging),
  answers: { 200: { description: 'a page', schema: pageOf(endpointView) } },
  async handle({ tenantId, query }, deps) {
    const { items, nextCursor } = await deps.models.webhookEndpoints.list(
      tenantId,
      query.limit,
      query.cursor,
    );
    return { status: 200, body: { items: items.map(showEndpoint), nextCursor } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/webhooks/{id}',
  tag,
  summary: 'One webhook endpoint',
  access: 'admin',
  params: idParams,
  answers: { 200: { description: 'the endpoint', schema: endpointView } },
  async handle({ tenantId, params }, deps) {
    return { status: 200, body: showEndpoint(await findEndpoint(deps, tenantId, params.id)) };
  },
});

const patch = route({
  method: 'patch',
  path: '/v1/webhooks/{id}',
  tag,
  summary: 'Change a webhook endpoint; `enabled: true` gives one that was disabled another chance',
  access: 'admin',
  audit: 'webhook.changed',
  params: idParams,
  body: webhookPatch,
  answers: { 200: { description: 'the endpoint', schema: endpointView } },
  async handle({ tenantId, params, body }, deps) {
    const before = await findEndpoint(deps, tenantId, params.id);
    if (body.url !== undefined) await checkUrl(deps.network, body.url);
    const endpoint = await deps.models.webhookEndpoints.change(tenantId, params.id, body);
    if (!endpoint) throw noEndpoint(params.id);
    return {
      status: 200,
      body: showEndpoint(endpoint),
      audited: { subject: params.id, before: auditedEndpoint(before), after: auditedEndpoint(endpoint) },
    };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/webhooks/{id}',
  tag,
  summary: 'Remove a webhook endpoint: nothing more is sent to it',
  access: 'admin',
  audit: 'webhook.removed',
  params: idParams,
  answers: { 204: { description: 'removed' } },
  async handle({ tenantId, params }, deps) {
    const before = await findEndpoint(deps, tenantId, params.id);
    if (!(await deps.models.webhookEndpoints.remove(tenantId, params.id))) throw noEndpoint(params.id);
    return { status: 204, audited: { subject: params.id, before: auditedEndpoint(before) } };
  },
});

const rotate = route({
  method: 'post',
  path: '/v1/webhooks/{id}/rotate',
  tag,
  summary: 'Give it a new secret, shown this once; events carry the signatures of both for a while',
  access: 'admin',
  audit: 'webhook.secret_rotated',
  params: idParams,
  body: webhookRotate,
  bodyOptional: true,
  answers: { 200: { description: 'the endpoint', schema: endpointWithSecretView } },
  async handle({ tenantId, params, body }, deps) {
    const overlapMs = body.overlap ?? DEFAULT_OVERLAP_MS;
    const endpoint = await deps.models.webhookEndpoints.rotate(tenantId, params.id, overlapMs);
    if (!endpoint) throw noEndpoint(params.id);
    const [secret = ''] = signingSecrets(endpoint);
    return {
      status: 200,
      body: { ...showEndpoint(endpoint), secret },
      audited: { subject: params.id, after: { overlapSeconds: overlapMs / 1000 } },
    };
  },
});

const test = route({
  method: 'post',
  path: '/v1/webhooks/{id}/test',
  tag,
  summary: 'Send it an event of type `webhook.test` now, disabled or not, and say what came of it',
  access: 'admin',
  audit: 'webhook.tested',
  params: idParams,
  answers: { 200: { description: 'the attempt, which is not repeated', schema: attemptView } },
  async handle({ tenantId, params }, deps) {
    const endpoint = await findEndpoint(deps, tenantId, params.id);
    const made = await attemptEvent(
      { ...deps, keepDays: deps.config.CARILLON_OUTBOUND_EVENT_DAYS },
      endpoint,
      testEvent(tenantId, endpoint.id),
      { kind: 'test', attempt: 1 },
    );
    if (!made) throw new Error('an attempt that nobody stopped was stopped');
    await deps.models.webhookAttempts.insert([made.row]);
    return {
      status: 200,
      body: showAttempt(made.row),
      audited: { subject: params.id, after: { outcome: made.row.outcome } },
    };
  },
});

function testEvent(tenantId: string, endpointId: string): OutboundEvent {
  const now = new Date();
  return {
    id: `evt_test_${randomBytes(12).toString('base64url')}`,
    type: TEST_EVENT,
    at: now.toISOString(),
    tenantId,
    sequence: sequenceOf(Math.floor(now.getTime() / 1000), 0, 0),
    data: { endpointId },
  };
}

export const webhookRoutes = [create, list, get, patch, remove, rotate, test];
