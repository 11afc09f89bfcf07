import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { severities } from '../../contracts/notification-types.js';
import { lineOfText, typeName } from '../../contracts/primitives.js';
import { route } from '../route.js';
import { idParams, instantParameter, itemView, pageOf, paging } from '../schemas.js';
import { showItem } from '../views/item.js';

const tag = 'inbox';
const group = z.record(z.string(), z.object({ total: z.number(), unread: z.number() }));

const list = route({
  method: 'get',
  path: '/v1/me/inbox',
  tag,
  summary: 'The person’s inbox, newest first',
  access: 'person',
  query: z.strictObject({
    filter: z.enum(['all', 'unread', 'archived']).default('all'),
    category: typeName.optional(),
    type: typeName.optional(),
    severity: z.enum(severities).optional(),
    from: instantParameter,
    to: instantParameter,
    q: lineOfText(200).optional(),
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(itemView) } },
  async handle({ tenantId, recipientId, query }, deps) {
    const vault = await deps.models.dataKeys.vault(tenantId);
    const show = (row: Parameters<typeof showItem>[0]) => showItem(row, vault);
    return {
      status: 200,
      body: await deps.models.inbox.list(tenantId, recipientId, query, new Date(), show),
    };
  },
});

const counts = route({
  method: 'get',
  path: '/v1/me/inbox/counts',
  tag,
  summary: 'How many are unread, unseen and there, each at most 100',
  access: 'person',
  answers: {
    200: {
      description: 'the counts',
      schema: z.object({ unread: z.number(), unseen: z.number(), total: z.number(), capped: z.boolean() }),
    },
  },
  async handle({ tenantId, recipientId }, deps) {
    return { status: 200, body: await deps.models.inbox.counts(tenantId, recipientId, new Date()) };
  },
});

const stats = route({
  method: 'get',
  path: '/v1/me/inbox/stats',
  tag,
  summary: 'How many of each type, category and severity, over the newest 10,000',
  access: 'person',
  answers: {
    200: {
      description: 'the figures',
      schema: z.object({ types: group, categories: group, severities: group }),
    },
  },
  async handle({ tenantId, recipientId }, deps) {
    return { status: 200, body: await deps.models.inbox.stats(tenantId, recipientId, new Date()) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/me/inbox/{id}',
  tag,
  summary: 'One item',
  access: 'person',
  params: idParams,
  answers: { 200: { description: 'the item', schema: itemView } },
  async handle({ tenantId, recipientId, params }, deps) {
    const row = await deps.models.inbox.find(tenantId, recipientId, params.id);
    if (!row) throw noSuchItem(params.id);
    return { status: 200, body: showItem(row, await deps.models.dataKeys.vault(tenantId)) };
  },
});

export function noSuchItem(id: string): CarillonError {
  return new CarillonError('not_found', `there is no item "${id}" in your inbox`);
}

// `counts` and `stats` before `{id}`, which would take them for IDs.
export const inboxReads = [list, counts, stats, get];
