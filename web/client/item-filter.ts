import type { InboxFilter, Item } from './shapes.js';

/** Whether an item belongs into a list with this filter: what the API would choose. */
export function fits(item: Item, filter: InboxFilter, nowMs = Date.now()): boolean {
  const { filter: box = 'all', from, to, q } = filter;
  const atMs = Date.parse(item.createdAt);
  return (
    (item.archivedAt !== null) === (box === 'archived') &&
    (box !== 'unread' || item.readAt === null) &&
    (box === 'archived' || item.snoozedUntil === null || Date.parse(item.snoozedUntil) <= nowMs) &&
    (['category', 'type', 'severity', 'threadKey'] as const).every(
      (field) => filter[field] === undefined || filter[field] === item[field],
    ) &&
    (from === undefined || atMs >= Date.parse(from)) &&
    (to === undefined || atMs < Date.parse(to)) &&
    (!q || [item.title, item.message].some((text) => text.toLowerCase().includes(q.toLowerCase())))
  );
}

/** Where an item stands in a list. */
export type Place = Pick<Item, 'createdAt' | 'id'>;

/** The order of every list: newest first, then by ID. */
export function newestFirst(one: Place, other: Place): number {
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt ? 1 : -1;
  if (one.id === other.id) return 0;
  return one.id < other.id ? 1 : -1;
}
