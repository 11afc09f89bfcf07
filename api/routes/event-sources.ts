import { z } from 'zod';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { eventSourcePut, httpSourceName, verification } from '../../contracts/event-sources.js';
import { pageById, readIdCursor } from '../../models/cursor.js';
import { MAX_EVENT_SOURCES, type EventSource } from '../../models/event-sources.js';
import { route } from '../route.js';
import { pageOf, paging } from '../schemas.js';

const tag = 'events';
const params = z.object({ name: httpSourceName });
const sourceView = z.object({
  name: z.string(),
  verification,
  hasSecret: z.boolean(),
  idField: z.string().nullable(),
  path: z.string().describe('where it sends its events, without a key of ours'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const list = route({
  method: 'get',
  path: '/v1/event-sources',
  tag,
  summary: 'List who sends events over HTTP, by name; secrets are never shown',
  access: 'admin',
  query: z.strictObject(paging),
  answers: { 200: { description: 'a page', schema: pageOf(sourceView) } },
  async handle({ tenantId, query: { limit, cursor } }, deps) {
    const afterName = readIdCursor(cursor);
    const all = await deps.models.eventSources.list(tenantId);
    const rest = all.filter(({ name }) => afterName === undefined || name > afterName);
    const { items, nextCursor } = pageById(rest.slice(0, limit + 1), limit, ({ name }) => name);
    return { status: 200, body: { items: items.map((source) => show(tenantId, source)), nextCursor } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/event-sources/{name}',
  tag,
  summary: 'One source of events',
  access: 'admin',
  params,
  answers: { 200: { description: 'the source', schema: sourceView } },
  async handle({ tenantId, params: { name } }, deps) {
    const source = await deps.models.eventSources.find(tenantId, name);
    if (!source) throw unknown(name);
    return { status: 200, body: show(tenantId, source) };
  },
});

const put = route({
  method: 'put',
  path: '/v1/event-sources/{name}',
  tag,
  summary: 'Make or replace a source of events: how it proves itself, and its secret',
  access: 'admin',
  audit: 'event_source.stored',
  params,
  body: eventSourcePut,
  answers: {
    201: { description: 'made', schema: sourceView },
    200: { description: 'replaced', schema: sourceView },
  },
  async handle({ tenantId, params: { name }, body }, deps) {
    const { eventSources } = deps.models;
    const known = await eventSources.find(tenantId, name);
    const { secret, ...settings } = body;
    const keepsOne = known?.hasSecret && known.verification.kind === settings.verification.kind;
    if (settings.verification.kind !== 'none' && secret === undefined && !keepsOne)
      throw invalid('secret', 'is missing');
    if (!known && (await eventSources.count(tenantId, MAX_EVENT_SOURCES)) >= MAX_EVENT_SOURCES)
      throw new CarillonError('conflict', `a tenant has at most ${MAX_EVENT_SOURCES} event sources`);
    const secrets = secret === undefined ? undefined : [secret].flat();
    const before = await eventSources.put(tenantId, name, { ...settings, secrets });
    const source = await eventSources.find(tenantId, name);
    if (!source) throw unknown(name);
    return {
      status: before ? 200 : 201,
      body: show(tenantId, source),
      audited: {
        subject: name,
        ...(before ? { before: before.verification } : {}),
        after: { ...source.verification, secretChanged: secrets !== undefined },
      },
    };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/event-sources/{name}',
  tag,
  summary: 'Remove a source of events: what it sends is refused',
  access: 'admin',
  audit: 'event_source.deleted',
  params,
  answers: { 204: { description: 'removed' } },
  async handle({ tenantId, params: { name } }, deps) {
    const before = await deps.models.eventSources.remove(tenantId, name);
    if (!before) throw unknown(name);
    return { status: 204, audited: { subject: name, before: before.verification } };
  },
});

function show(tenantId: string, source: EventSource): z.output<typeof sourceView> {
  return {
    ...source,
    path: `/v1/events/${tenantId}.${source.name}`,
    createdAt: source.createdAt.toISOString(),
    updatedAt: source.updatedAt.toISOString(),
  };
}

function unknown(name: string): CarillonError {
  return new CarillonError('not_found', `there is no event source "${name}"`);
}

export const eventSourceRoutes = [list, get, put, remove];
