import type { Which } from '../models/inbox.js';
import { acknowledgeRun } from './acknowledge.js';
import type { ApiDependencies } from './dependencies.js';

/** Reads are marked in steps of this many. */
const STEP = 500;
const DAY_MS = 86_400_000;

/** Whose inbox it is. */
export interface Owner {
  tenantId: string;
  recipientId: string;
}

/** Marks a person's items as read, and stops what has not gone out of them elsewhere; answers how many were unread. */
export async function readItems(
  deps: ApiDependencies,
  { tenantId, recipientId }: Owner,
  which: Which,
): Promise<number> {
  const now = new Date();
  const purgeAt = await readPurge(deps, tenantId, now);
  let updated = 0;
  for (;;) {
    const unreadRows = await deps.models.inbox.findUnread(tenantId, recipientId, which, STEP);
    if (unreadRows.length === 0) return updated;
    updated += await deps.models.inbox.markManyRead(
      tenantId,
      recipientId,
      unreadRows.map((row) => row.id),
      now,
      purgeAt,
    );
    const waiting = unreadRows.filter((row) => row.waiting);
    await Promise.all(
      waiting.map((row) => acknowledgeRun(deps, { tenantId, ...row }, `person:${recipientId}`)),
    );
  }
}

/** When what is read now may be purged. */
export async function readPurge(deps: ApiDependencies, tenantId: string, now: Date): Promise<Date> {
  const tenant = await deps.models.tenants.find(tenantId);
  return inDays(now, tenant?.retention.readDays ?? 30);
}

/** A deleted item stays as a tombstone for a month, so that every open reader hears of it. */
export function deletedPurge(now: Date): Date {
  return inDays(now, 30);
}

export function inDays(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}
