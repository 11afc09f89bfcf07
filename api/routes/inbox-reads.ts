import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { severities } from '../../contracts/notification-types.js';
import { externalId, lineOfText, typeName } from '../../contracts/primitives.js';
import { route } from '../route.js';
import { idParams, instantParameter, itemView, pageOf, paging } from '../schemas.js';
import { itemContext, showItem } from '../views/item.js';

const tag = 'inbox';
const group = z.record(z.string(), z.object({ total: z.number(), unread: z.number() }));
const inThread = z.number().int().optional().describe('with group=thread: at most 100');
const listedItem = itemView.extend({ threadCount: inThread, threadUnread: inThread });

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
    threadKey: externalId.optional(),
    group: z
      .enum(['thread'])
      .optional()
      .describe('one entry for each thread of the items chosen: its newest, with counts'),
    from: instantParameter,
    to: instantParameter,
    q: lineOfText(200).optional(),
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(listedItem) } },
  async handle({ tenantId, recipientId, query: { group: by, ...query } }, deps) {
    const { inbox, inboxThreads } = deps.models;
    const context = await itemContext(deps, tenantId);
    const now = new Date();
    const body =
      by === 'thread'
        ? await inboxThreads.list(tenantId, recipientId, query, now, (row, numbers) => ({
            ...showItem(row, context),
            ...numbers,
          }))
        : await inbox.list(tenantId, recipientId, query, now, (row) => showItem(row, context));
    return { status: 200, body };
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
    return { status: 200, body: showItem(row, await itemContext(deps, tenantId)) };
  },
});

export function noSuchItem(id: string): CarillonError {
  return new CarillonError('not_found', `there is no item "${id}" in your inbox`);
}

// `counts` and `stats` before `{id}`, which would take them for IDs.
export const inboxReads = [list, counts, stats, get];
