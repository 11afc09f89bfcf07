import type { QueryFilter } from 'mongoose';
import type { Severity } from '../contracts/notification-types.js';
import { between } from './between.js';
import { after, type Position } from './cursor.js';
import type { Box, NotificationRow } from './notification-schema.js';

export interface InboxFilter {
  filter: 'all' | 'unread' | 'archived';
  category?: string;
  type?: string;
  severity?: Severity;
  threadKey?: string;
  from?: Date;
  to?: Date;
  /** Looked for in title and message, whatever its case. */
  q?: string;
}

export interface InboxQuery extends InboxFilter {
  limit: number;
  cursor?: string;
}

/** What is still the person's. */
export const kept: Box[] = ['inbox', 'archive'];

/** What an item is shown from. */
export const itemFields = { plan: 0, outcomes: 0, timeline: 0, requestHash: 0, purgeAt: 0 } as const;

/** All of which must hold. */
export type Filters = QueryFilter<NotificationRow>[];

/** The items of a person that a filter chooses. */
export function chosen(tenantId: string, recipientId: string, query: InboxFilter, now: Date): Filters {
  return [
    {
      tenantId,
      recipientId,
      box: query.filter === 'archived' ? 'archive' : 'inbox',
      ...(query.filter === 'unread' ? { unread: true } : {}),
      ...(query.filter === 'archived' ? {} : awake(now)),
      ...(query.category === undefined ? {} : { category: query.category }),
      ...(query.type === undefined ? {} : { type: query.type }),
      ...(query.severity === undefined ? {} : { severity: query.severity }),
      ...(query.threadKey === undefined ? {} : { threadKey: query.threadKey }),
    },
    query.q === undefined ? {} : textMatch(query.q),
    between('inboxAt', query.from, query.to),
  ] as Filters;
}

/** Of these only what follows, newest first; without a position, all. */
export function following(filters: Filters, position: Position | undefined): Filters {
  return [...filters, after('inboxAt', position)] as Filters;
}

/** Not put off until later. */
export function awake(now: Date): Record<string, unknown> {
  return { snoozedUntil: { $not: { $gt: now } } };
}

/** The words as typed, case-insensitive; every character stands for itself. */
function textMatch(q: string): Record<string, unknown> {
  const literal = { $regex: q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' };
  return { $or: [{ title: literal }, { message: literal }] };
}
