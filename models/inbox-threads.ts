import type { Model, PipelineStage } from 'mongoose';
import { readCursor, writeCursor, type Position } from './cursor.js';
import { COUNT_CAP } from './inbox.js';
import { chosen, following, itemFields, kept, type Filters, type InboxQuery } from './inbox-filter.js';
import { putAway, takenBack, tombstone } from './item-changes.js';
import type { Box, NotificationRow } from './notification-schema.js';
import type { Notifications } from './notifications.js';

/** How many items of a thread the filter chooses, and how many of them are unread: of its newest 100. */
export interface ThreadCounts {
  threadCount: number;
  threadUnread: number;
}

/** Items looked at in one step, and the steps that a page takes at most. */
const STEP = 200;
const MAX_STEPS = 5;

type Glance = Pick<NotificationRow, '_id'> & { inboxAt: Date; threadKey?: string | null };
type Thread = { _id: string; newest: string } & ThreadCounts;
/** A thread's newest item; an item without a key stands alone and has no counts. */
type Entry = { newest: string; position: Position; counts?: ThreadCounts };

/** A person's inbox by threads: items with the same `threadKey`. */
export class InboxThreads {
  private readonly model: Model<NotificationRow>;

  constructor(notifications: Notifications) {
    this.model = notifications.model;
  }

  /**
   * The newest item of each thread, newest first, among the items that the filter chooses. A page is looked for among
   * the next 1,000 of them: it may be short, even empty, and another one follow.
   */
  async list<Item>(
    tenantId: string,
    recipientId: string,
    query: InboxQuery,
    now: Date,
    show: (row: NotificationRow, counts: ThreadCounts) => Item,
  ): Promise<{ items: Item[]; nextCursor: string | null }> {
    const { entries, next } = await this.page(query, chosen(tenantId, recipientId, query, now));
    const ids = entries.map(({ newest }) => newest);
    const rows = await this.model
      .find({ _id: { $in: ids }, tenantId, recipientId, box: { $in: kept } }, itemFields)
      .lean<NotificationRow[]>()
      .exec();
    const byId = new Map(rows.map((row) => [row._id, row]));
    const items = entries.flatMap(({ newest, counts }) => {
      const row = byId.get(newest);
      return row ? [show(row, counts ?? alone(row))] : [];
    });
    return { items, nextCursor: next ? writeCursor(next) : null };
  }

  /** Answers how many were in the inbox. */
  archive(tenantId: string, recipientId: string, threadKey: string, now: Date): Promise<number> {
    return this.change(tenantId, recipientId, threadKey, ['inbox'], putAway(now));
  }

  /** Answers how many were in the archive. */
  unarchive(tenantId: string, recipientId: string, threadKey: string, now: Date): Promise<number> {
    return this.change(tenantId, recipientId, threadKey, ['archive'], takenBack(now));
  }

  /** Out of inbox and archive; answers how many there were. */
  remove(
    tenantId: string,
    recipientId: string,
    threadKey: string,
    now: Date,
    purgeAt: Date,
  ): Promise<number> {
    return this.change(tenantId, recipientId, threadKey, kept, tombstone(now, purgeAt));
  }

  private async change(
    tenantId: string,
    recipientId: string,
    threadKey: string,
    boxes: Box[],
    update: Record<string, unknown>,
  ): Promise<number> {
    const thread = { tenantId, recipientId, box: { $in: boxes }, threadKey };
    return (await this.model.updateMany(thread, update)).modifiedCount;
  }

  /** Looks for one entry more than the page holds, so that the last page says that it is. */
  private async page(
    { limit, cursor }: InboxQuery,
    filters: Filters,
  ): Promise<{ entries: Entry[]; next: Position | undefined }> {
    const begin = readCursor(cursor);
    const seen = new Set<string>();
    const entries: Entry[] = [];
    let reached = begin;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const items = await this.glance(filters, reached);
      const { firsts, last } = firstsOfThreads(items, seen, limit + 1 - entries.length);
      const threads = await this.threads(filters, firsts);
      entries.push(...firsts.flatMap((item) => entryOf(item, threads, begin === undefined)));
      if (entries.length > limit) {
        const shown = entries.slice(0, limit);
        return { entries: shown, next: shown.at(-1)?.position };
      }
      if (!last || (last === items.at(-1) && items.length < STEP)) return { entries, next: undefined };
      reached = positionOf(last);
    }
    return { entries, next: reached };
  }

  private glance(filters: Filters, reached: Position | undefined): Promise<Glance[]> {
    return this.model
      .find({ $and: following(filters, reached) }, { inboxAt: 1, threadKey: 1 })
      .sort({ inboxAt: -1, _id: -1 })
      .limit(STEP)
      .lean<Glance[]>()
      .exec();
  }

  /** Each thread is a range of the index of its own, so that a long one costs no more than what is counted of it. */
  private async threads(filters: Filters, items: readonly Glance[]): Promise<Map<string, Thread>> {
    const [key, ...others] = items.flatMap(({ threadKey }) => threadKey ?? []);
    if (key === undefined) return new Map();
    const coll = this.model.collection.name;
    const found = await this.model.aggregate<Thread>([
      ...ofThread(filters, key),
      ...others.map((other) => ({ $unionWith: { coll, pipeline: ofThread(filters, other) } })),
    ]);
    return new Map(found.map((thread) => [thread._id, thread]));
  }
}

function ofThread(
  filters: Filters,
  threadKey: string,
): (PipelineStage.Match | PipelineStage.Sort | PipelineStage.Limit | PipelineStage.Group)[] {
  return [
    { $match: { $and: [...filters, { threadKey }] } },
    { $sort: { inboxAt: -1, _id: -1 } },
    { $limit: COUNT_CAP },
    {
      $group: {
        _id: '$threadKey',
        newest: { $first: '$_id' },
        threadCount: { $sum: 1 },
        threadUnread: { $sum: { $cond: [{ $eq: ['$unread', true] }, 1, 0] } },
      },
    },
  ];
}

/** Of items in their order those that open a thread not yet seen, up to so many, and the last item looked at for them. */
function firstsOfThreads(
  items: readonly Glance[],
  seen: Set<string>,
  most: number,
): { firsts: Glance[]; last: Glance | undefined } {
  const firsts: Glance[] = [];
  for (const item of items) {
    const isFirst = !item.threadKey || !seen.has(item.threadKey);
    if (item.threadKey) seen.add(item.threadKey);
    if (isFirst && firsts.push(item) === most) return { firsts, last: item };
  }
  return { firsts, last: items.at(-1) };
}

/**
 * A thread with a newer item than this stood on an earlier page. On the first page it can only have come just now, and
 * is shown in this one's place.
 */
function entryOf(item: Glance, threads: ReadonlyMap<string, Thread>, isFirstPage: boolean): Entry[] {
  const position = positionOf(item);
  if (!item.threadKey) return [{ newest: item._id, position }];
  const thread = threads.get(item.threadKey);
  if (!thread || (thread.newest !== item._id && !isFirstPage)) return [];
  const { newest, threadCount, threadUnread } = thread;
  return [{ newest, position, counts: { threadCount, threadUnread } }];
}

function alone(row: NotificationRow): ThreadCounts {
  return { threadCount: 1, threadUnread: row.unread ? 1 : 0 };
}

function positionOf({ _id, inboxAt }: Glance): Position {
  return { at: inboxAt, id: _id };
}
