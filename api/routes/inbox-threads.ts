import { z } from 'zod';
import { externalId } from '../../contracts/primitives.js';
import type { ApiDependencies } from '../dependencies.js';
import { deletedPurge, readItems, type Owner } from '../read-items.js';
import { route, type Route } from '../route.js';

/** What to do with all items of one thread; answers how many it was done to. */
type Change = (deps: ApiDependencies, owner: Owner, threadKey: string, now: Date) => Promise<number>;

function threadRoute(name: string, summary: string, told: string, change: Change): Route {
  return route({
    method: 'post',
    path: `/v1/me/inbox/threads/${name}`,
    tag: 'inbox',
    summary,
    access: 'person',
    body: z.strictObject({ threadKey: externalId }),
    answers: { 200: { description: told, schema: z.object({ updated: z.number().int() }) } },
    async handle({ tenantId, recipientId, body }, deps) {
      const updated = await change(deps, { tenantId, recipientId }, body.threadKey, new Date());
      return { status: 200, body: { updated } };
    },
  });
}

const read = threadRoute(
  'read',
  'Mark a thread as read, the archive too; what has not gone out on other channels is stopped',
  'how many were unread',
  (deps, owner, threadKey) => readItems(deps, owner, { threadKey }),
);

const archive = threadRoute(
  'archive',
  'Put a thread away',
  'how many were in the inbox',
  ({ models }, { tenantId, recipientId }, threadKey, now) =>
    models.inboxThreads.archive(tenantId, recipientId, threadKey, now),
);

const unarchive = threadRoute(
  'unarchive',
  'Take a thread back out of the archive',
  'how many were in the archive',
  ({ models }, { tenantId, recipientId }, threadKey, now) =>
    models.inboxThreads.unarchive(tenantId, recipientId, threadKey, now),
);

const remove = threadRoute(
  'delete',
  'Delete a thread, the archive too',
  'how many were deleted',
  ({ models }, { tenantId, recipientId }, threadKey, now) =>
    models.inboxThreads.remove(tenantId, recipientId, threadKey, now, deletedPurge(now)),
);

export const inboxThreads = [read, archive, unarchive, remove];
