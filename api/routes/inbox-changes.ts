import { z } from 'zod';
import { invalid } from '../../contracts/errors.js';
import { externalId, timestamp } from '../../contracts/primitives.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { acknowledgeRun } from '../acknowledge.js';
import type { ApiDependencies } from '../dependencies.js';
import { deletedPurge, inDays, readItems, readPurge, type Owner } from '../read-items.js';
import { route, type Route } from '../route.js';
import { idParams, itemView } from '../schemas.js';
import { itemContext, showItem } from '../views/item.js';
import { noSuchItem } from './inbox-reads.js';

const tag = 'inbox';
const YEAR_MS = 366 * 86_400_000;

const changed = z.object({ updated: z.number().int() });

type Change = (
  deps: ApiDependencies,
  owner: Owner,
  id: string,
  now: Date,
) => Promise<NotificationRow | undefined>;

function itemRoute(name: string, summary: string, change: Change): Route {
  return route({
    method: 'post',
    path: `/v1/me/inbox/{id}/${name}`,
    tag,
    summary,
    access: 'person',
    params: idParams,
    answers: { 200: { description: 'the item', schema: itemView } },
    async handle({ tenantId, recipientId, params }, deps) {
      const row = await change(deps, { tenantId, recipientId }, params.id, new Date());
      return { status: 200, body: await itemOf(deps, tenantId, row, params.id) };
    },
  });
}

const read = itemRoute(
  'read',
  'Mark as read; what has not gone out on other channels is stopped',
  async (deps, owner, id, now) => {
    const { tenantId, recipientId } = owner;
    const row = await deps.models.inbox.markRead(
      tenantId,
      recipientId,
      id,
      now,
      await readPurge(deps, tenantId, now),
    );
    if (row) await acknowledgeRun(deps, row, `person:${recipientId}`);
    return row;
  },
);

const unread = itemRoute('unread', 'Mark as unread', async (deps, { tenantId, recipientId }, id, now) => {
  const tenant = await deps.models.tenants.find(tenantId);
  const purgeAt = inDays(now, tenant?.retention.unreadDays ?? 365);
  return deps.models.inbox.markUnread(tenantId, recipientId, id, purgeAt);
});

const archive = itemRoute('archive', 'Put away', (deps, { tenantId, recipientId }, id, now) =>
  deps.models.inbox.archive(tenantId, recipientId, id, now),
);

const unarchive = itemRoute(
  'unarchive',
  'Take back out of the archive',
  (deps, { tenantId, recipientId }, id, now) => deps.models.inbox.unarchive(tenantId, recipientId, id, now),
);

const snooze = route({
  method: 'post',
  path: '/v1/me/inbox/{id}/snooze',
  tag,
  summary: 'Hide until a time',
  access: 'person',
  params: idParams,
  body: z.strictObject({ until: timestamp }),
  answers: { 200: { description: 'the item', schema: itemView } },
  async handle({ tenantId, recipientId, params, body }, deps) {
    const now = new Date();
    const until = new Date(body.until);
    if (until <= now) throw invalid('until', 'is in the past');
    if (until.getTime() > now.getTime() + YEAR_MS) throw invalid('until', 'is more than a year ahead');
    const row = await deps.models.inbox.snooze(tenantId, recipientId, params.id, until, now);
    return { status: 200, body: await itemOf(deps, tenantId, row, params.id) };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/me/inbox/{id}',
  tag,
  summary: 'Delete an item',
  access: 'person',
  params: idParams,
  answers: { 204: { description: 'deleted' } },
  async handle({ tenantId, recipientId, params }, deps) {
    const now = new Date();
    const purgeAt = deletedPurge(now);
    const row = await deps.models.inbox.remove(tenantId, recipientId, params.id, now, purgeAt);
    if (!row) throw noSuchItem(params.id);
    return { status: 204 };
  },
});

const seen = route({
  method: 'post',
  path: '/v1/me/inbox/seen',
  tag,
  summary: 'Everything in the inbox has been seen',
  access: 'person',
  answers: { 200: { description: 'how many were new', schema: changed } },
  async handle({ tenantId, recipientId }, deps) {
    const updated = await deps.models.inbox.markAllSeen(tenantId, recipientId, new Date());
    return { status: 200, body: { updated } };
  },
});

const readSome = route({
  method: 'post',
  path: '/v1/me/inbox/read',
  tag,
  summary: 'Mark these as read',
  access: 'person',
  body: z.strictObject({ ids: z.array(externalId).min(1).max(100) }),
  answers: { 200: { description: 'how many were unread', schema: changed } },
  async handle({ tenantId, recipientId, body }, deps) {
    return {
      status: 200,
      body: { updated: await readItems(deps, { tenantId, recipientId }, { ids: body.ids }) },
    };
  },
});

const readAll = route({
  method: 'post',
  path: '/v1/me/inbox/read-all',
  tag,
  summary: 'Mark everything as read',
  access: 'person',
  answers: { 200: { description: 'how many were unread', schema: changed } },
  async handle({ tenantId, recipientId }, deps) {
    return { status: 200, body: { updated: await readItems(deps, { tenantId, recipientId }, {}) } };
  },
});

const clear = route({
  method: 'delete',
  path: '/v1/me/inbox',
  tag,
  summary: 'Delete what is read, or everything',
  access: 'person',
  query: z.strictObject({ filter: z.enum(['read', 'all']).default('read') }),
  answers: { 200: { description: 'how many were deleted', schema: z.object({ removed: z.number().int() }) } },
  async handle({ tenantId, recipientId, query }, deps) {
    const now = new Date();
    const purgeAt = deletedPurge(now);
    const removed = await deps.models.inbox.removeMany(tenantId, recipientId, query.filter, now, purgeAt);
    return { status: 200, body: { removed } };
  },
});

async function itemOf(deps: ApiDependencies, tenantId: string, row: NotificationRow | undefined, id: string) {
  if (!row) throw noSuchItem(id);
  return showItem(row, await itemContext(deps, tenantId));
}

// The fixed paths before `{id}`.
export const inboxChanges = [
  seen,
  readSome,
  readAll,
  clear,
  read,
  unread,
  archive,
  unarchive,
  snooze,
  remove,
];
