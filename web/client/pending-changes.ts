import { CAP } from './counts.js';
import type { Counts, ThreadedItem } from './shapes.js';

/** What the person has just done, as long as the server has not answered. */
export interface Change {
  /** The item as it will be; undefined where it will be gone. Others stay as they are. */
  item: (item: ThreadedItem) => ThreadedItem | undefined;
  counts?: (counts: Counts) => Counts;
}

type Ids = (item: ThreadedItem) => boolean;

const only =
  (which: Ids, change: (item: ThreadedItem) => ThreadedItem | undefined): Change['item'] =>
  (item) =>
    which(item) ? change(item) : item;

const withId =
  (id: string): Ids =>
  (item) =>
    item.id === id;

/** The moment, as the API writes it. */
const now = () => new Date().toISOString();

export function markRead(which: Ids, at = now()): Change['item'] {
  return only(which, (item) =>
    item.readAt === null
      ? {
          ...item,
          readAt: at,
          seenAt: item.seenAt ?? at,
          ...(item.threadUnread === undefined ? {} : { threadUnread: Math.max(0, item.threadUnread - 1) }),
        }
      : item,
  );
}

/** The changes that the API knows, each of what it does to an item and to the counts. */
export const changes = {
  read: (item: ThreadedItem): Change => ({
    item: markRead(withId(item.id)),
    counts: fewer(item.readAt === null && isInBox(item), item.seenAt === null && isInBox(item)),
  }),
  unread: (item: ThreadedItem): Change => ({
    item: only(withId(item.id), (one) => ({
      ...one,
      readAt: null,
      ...(one.threadUnread === undefined || one.readAt === null
        ? {}
        : { threadUnread: Math.min(CAP, one.threadUnread + 1) }),
    })),
    counts: (counts) =>
      item.readAt === null || !isInBox(item)
        ? counts
        : { ...counts, unread: Math.min(CAP, counts.unread + 1) },
  }),
  archive: (item: ThreadedItem): Change => ({
    item: only(withId(item.id), (one) => ({ ...one, archivedAt: now(), snoozedUntil: null })),
    counts: withoutItem(item),
  }),
  unarchive: (item: ThreadedItem): Change => ({
    item: only(withId(item.id), (one) => ({ ...one, archivedAt: null })),
  }),
  snooze: (item: ThreadedItem, until: string): Change => ({
    item: only(withId(item.id), (one) => ({ ...one, snoozedUntil: until })),
    counts: withoutItem(item),
  }),
  remove: (item: ThreadedItem): Change => ({
    item: only(withId(item.id), () => undefined),
    counts: withoutItem(item),
  }),
  seen: (): Change => {
    const at = now();
    return {
      item: (item) => (item.seenAt === null ? { ...item, seenAt: at } : item),
      counts: (counts) => ({ ...counts, unseen: 0 }),
    };
  },
  readAll: (): Change => ({
    item: (item) => ({ ...markRead(() => true)(item)!, ...(item.threadCount ? { threadUnread: 0 } : {}) }),
    counts: (counts) => ({ ...counts, unread: 0, unseen: 0 }),
  }),
  clear: (which: 'read' | 'all'): Change => ({
    item: (item) => (which === 'all' || item.readAt !== null ? undefined : item),
    counts: (counts) => (which === 'all' ? { ...counts, unread: 0, unseen: 0, total: 0 } : counts),
  }),
  thread: (threadKey: string, change: 'read' | 'archive' | 'unarchive' | 'delete'): Change => ({
    item: only(
      (item) => item.threadKey === threadKey,
      (item) => {
        if (change === 'read') return changes.readAll().item(item);
        if (change === 'delete') return undefined;
        return { ...item, archivedAt: change === 'archive' ? now() : null, snoozedUntil: null };
      },
    ),
  }),
};

/** Counted are those that are neither archived nor put off. */
function isInBox({ archivedAt, snoozedUntil }: ThreadedItem): boolean {
  return archivedAt === null && (snoozedUntil === null || Date.parse(snoozedUntil) <= Date.now());
}

function withoutItem(item: ThreadedItem): Change['counts'] {
  const counted = isInBox(item);
  return fewer(counted && item.readAt === null, counted && item.seenAt === null, counted);
}

function fewer(isUnread: boolean, isUnseen: boolean, isThere = false): Change['counts'] {
  return (counts) => ({
    ...counts,
    unread: less(counts, counts.unread, isUnread),
    unseen: less(counts, counts.unseen, isUnseen),
    total: less(counts, counts.total, isThere),
  });
}

/** A number that stopped at its cap is not known: it stays until the server says. */
function less({ capped }: Counts, count: number, isLess: boolean): number {
  return isLess && !(capped && count >= CAP) ? Math.max(0, count - 1) : count;
}
