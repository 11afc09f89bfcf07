import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { externalId, pageLimit } from '../../contracts/primitives.js';
import { apiKeyCreate } from '../../contracts/tenants.js';
import { route } from '../route.js';
import { idParams, pageOf } from '../schemas.js';

const tag = 'api keys';
const keyView = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  createdAt: z.iso.datetime(),
});

const create = route({
  method: 'post',
  path: '/v1/api-keys',
  tag,
  summary: 'Make an API key; its text is shown this once',
  access: 'admin',
  audit: 'api_key.created',
  body: apiKeyCreate,
  answers: { 201: { description: 'the key', schema: z.object({ id: z.string(), key: z.string() }) } },
  async handle({ tenantId, body }, deps) {
    const made = await deps.models.apiKeys.create(tenantId, body.name, body.roles);
    return { status: 201, body: made, audited: { subject: made.id, after: body } };
  },
});

const list = route({
  method: 'get',
  path: '/v1/api-keys',
  tag,
  summary: 'List API keys, oldest first, without their text',
  access: 'admin',
  query: z.strictObject({ limit: pageLimit, cursor: externalId.optional() }),
  answers: { 200: { description: 'a page', schema: pageOf(keyView) } },
  async handle({ tenantId, query }, deps) {
    const found = await deps.models.apiKeys.list(tenantId, query.limit + 1, query.cursor);
    const items = found
      .slice(0, query.limit)
      .map(({ id, name, roles, createdAt }) => ({ id, name, roles, createdAt }));
    return {
      status: 200,
      body: { items, nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null },
    };
  },
});

const revoke = route({
  method: 'delete',
  path: '/v1/api-keys/{id}',
  tag,
  summary: 'Revoke an API key at once',
  access: 'admin',
  audit: 'api_key.revoked',
  params: idParams,
  answers: { 204: { description: 'revoked' } },
  async handle({ tenantId, params }, deps) {
    const revoked = await deps.models.apiKeys.revoke(tenantId, params.id);
    if (!revoked) throw new CarillonError('not_found', `there is no API key "${params.id}"`);
    return { status: 204, audited: { subject: params.id } };
  },
});

export const apiKeyRoutes = [create, list, revoke];
