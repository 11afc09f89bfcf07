import { Duration } from 'luxon';
import { z } from 'zod';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { emailAddress } from '../../contracts/primitives.js';
import { subscriberCreate, subscriberPatch, subscriberReplace } from '../../contracts/subscribers.js';
import { phoneNumbersOf } from '../../commands/phone-numbers.js';
import type { ApiDependencies } from '../dependencies.js';
import { beginErasure, refuseWhileErased } from '../privacy/begin-erasure.js';
import { erasureBegunView } from '../privacy/view.js';
import { recheckWaiting } from '../recheck.js';
import { route, type AuditedAnswer } from '../route.js';
import { idParams, pageOf, paging } from '../schemas.js';

const tag = 'subscribers';
const HOUR_MS = 3_600_000;
const LONGEST_TOKEN_MS = 24 * HOUR_MS;

export const subscriberView = z.object({
  id: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  locale: z.string().nullable(),
  timezone: z.string().nullable(),
  roles: z.array(z.string()),
  attributes: z.record(z.string(), z.unknown()),
  slackUserId: z.string().nullable(),
  teamsUserId: z.string().nullable(),
  webhookUrl: z.string().nullable(),
  pushTokens: z.array(z.string()),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const create = route({
  method: 'post',
  path: '/v1/subscribers',
  tag,
  summary: 'Create a person',
  access: 'sender',
  body: subscriberCreate,
  answers: { 201: { description: 'the person', schema: subscriberView } },
  async handle({ tenantId, body }, deps) {
    const { id, ...given } = body;
    await refuseWhileErased(deps, tenantId, id);
    const fields = await phoneNumbersOf(deps, tenantId).in(given);
    return { status: 201, body: await deps.models.subscribers.create(tenantId, id, fields) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/subscribers',
  tag,
  summary: 'List people, newest first',
  access: 'sender',
  query: z.strictObject({ email: emailAddress.optional(), ...paging }),
  answers: { 200: { description: 'a page', schema: pageOf(subscriberView) } },
  async handle({ tenantId, query }, deps) {
    return { status: 200, body: await deps.models.subscribers.list(tenantId, query) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/subscribers/{id}',
  tag,
  summary: 'One person',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'the person', schema: subscriberView } },
  async handle({ tenantId, params }, deps) {
    return { status: 200, body: found(await deps.models.subscribers.find(tenantId, params.id), params.id) };
  },
});

const replace = route({
  method: 'put',
  path: '/v1/subscribers/{id}',
  tag,
  summary: 'Create or replace a person',
  access: 'sender',
  params: idParams,
  body: subscriberReplace,
  answers: {
    200: { description: 'replaced', schema: subscriberView },
    201: { description: 'created', schema: subscriberView },
  },
  async handle({ tenantId, params, body }, deps) {
    const { id, ...given } = body;
    if (id !== undefined && id !== params.id) throw invalid('id', 'is not the one in the path');
    await refuseWhileErased(deps, tenantId, params.id);
    const fields = await phoneNumbersOf(deps, tenantId).in(given);
    const { subscriber, created } = await deps.models.subscribers.replace(tenantId, params.id, fields);
    if (!created) await recheckWaiting(deps, tenantId, params.id);
    return { status: created ? 201 : 200, body: subscriber };
  },
});

const patch = route({
  method: 'patch',
  path: '/v1/subscribers/{id}',
  tag,
  summary: 'Change a person: what is left out stays, null removes',
  access: 'sender',
  params: idParams,
  body: subscriberPatch,
  answers: { 200: { description: 'the person', schema: subscriberView } },
  async handle({ tenantId, params, body }, deps) {
    const fields = await phoneNumbersOf(deps, tenantId).in(body);
    const subscriber = found(await deps.models.subscribers.patch(tenantId, params.id, fields), params.id);
    await recheckWaiting(deps, tenantId, params.id);
    return { status: 200, body: subscriber };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/subscribers/{id}',
  tag,
  summary:
    'Delete a person with their preferences and topics; what waits for them is left out when it is planned again. With `erase=true` all that is held of them is erased, and a certificate tells of it',
  access: 'admin',
  audit: 'subscriber.deleted',
  params: idParams,
  query: z.strictObject({ erase: z.enum(['true', 'false']).optional() }),
  answers: {
    202: { description: 'being erased, or erased already', schema: erasureBegunView },
    204: { description: 'deleted' },
  },
  async handle({ tenantId, params, query, actor }, deps) {
    if (query.erase === 'true') return erase(deps, tenantId, params.id, actor);
    const removed = await deps.models.subscribers.remove(tenantId, params.id);
    if (!removed) throw noSuch(params.id);
    await deps.models.preferences.remove(tenantId, params.id);
    await deps.models.topicMembers.removePerson(tenantId, params.id);
    await deps.models.insights.remove(tenantId, params.id);
    await recheckWaiting(deps, tenantId, params.id);
    return { status: 204, audited: { subject: params.id } };
  },
});

/** The trail names the erasure, and not the person. */
async function erase(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
  actor: string,
): Promise<AuditedAnswer> {
  const { row, isNew } = await beginErasure(deps, tenantId, id, actor);
  return {
    status: 202,
    body: { erasureId: row.id, status: row.status },
    audited: isNew ? { subject: row.id, after: { erase: true } } : undefined,
  };
}

const ttl = z
  .string()
  .transform((text, context) => {
    const duration = Duration.fromISO(text);
    const ms = duration.isValid ? duration.toMillis() : NaN;
    if (ms >= 1000 && ms <= LONGEST_TOKEN_MS) return ms;
    context.issues.push({
      code: 'custom',
      message: 'must be an ISO 8601 duration from PT1S to P1D',
      input: text,
    });
    return z.NEVER;
  })
  .meta({ type: 'string', examples: ['PT1H'] });

const token = route({
  method: 'post',
  path: '/v1/subscribers/{id}/token',
  tag,
  summary: 'Make a short-lived token with which the person calls /v1/me; PT1H unless `ttl` says otherwise',
  access: 'sender',
  params: idParams,
  body: z.strictObject({ ttl: ttl.optional() }),
  bodyOptional: true,
  answers: {
    201: { description: 'the token', schema: z.object({ token: z.string(), expiresAt: z.iso.datetime() }) },
  },
  async handle({ tenantId, params, body }, deps) {
    if (!(await deps.models.subscribers.tokenState(tenantId, params.id))) throw noSuch(params.id);
    return { status: 201, body: await deps.tokens.issue(tenantId, params.id, body.ttl ?? HOUR_MS) };
  },
});

const revokeTokens = route({
  method: 'post',
  path: '/v1/subscribers/{id}/tokens/revoke',
  tag,
  summary: 'Refuse every token of the person issued until now',
  access: 'sender',
  audit: 'subscriber.tokens_revoked',
  params: idParams,
  answers: { 204: { description: 'revoked' } },
  async handle({ tenantId, params }, deps) {
    if (!(await deps.models.subscribers.revokeTokens(tenantId, params.id, new Date())))
      throw noSuch(params.id);
    return { status: 204, audited: { subject: params.id } };
  },
});

function found<T>(subscriber: T | undefined, id: string): T {
  if (subscriber === undefined) throw noSuch(id);
  return subscriber;
}

function noSuch(id: string): CarillonError {
  return new CarillonError('not_found', `there is no subscriber "${id}"`);
}

export const subscriberRoutes = [create, list, get, replace, patch, remove, token, revokeTokens];
