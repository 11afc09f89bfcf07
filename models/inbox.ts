import type { Model } from 'mongoose';
import { page, readCursor } from './cursor.js';
import { awake, chosen, following, itemFields, kept, type InboxQuery } from './inbox-filter.js';
import { putAway, read, takenBack, tombstone } from './item-changes.js';
import type { Notifications } from './notifications.js';
import type { NotificationRow } from './notification-schema.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** Counts stop here: "99+". */
export const COUNT_CAP = 100;

/** The items with these IDs, or of this thread; without either, all. */
export interface Which {
  ids?: string[];
  threadKey?: string;
}

/** A person's own view of `notifications`: only items in the box, only theirs. */
export class Inbox {
  private readonly model: Model<NotificationRow>;
  private readonly rows: Rows<NotificationRow>;

  constructor(notifications: Notifications) {
    this.model = notifications.model;
    this.rows = rowsOf(this.model);
  }

  async list<Item>(
    tenantId: string,
    recipientId: string,
    query: InboxQuery,
    now: Date,
    show: (row: NotificationRow) => Item,
  ) {
    const rows = await this.rows
      .find(
        {
          // Whose time is over is gone for the person, though housekeeping may come only at night.
          purgeAt: { $gt: now },
          $and: following(chosen(tenantId, recipientId, query, now), readCursor(query.cursor)) as never[],
        },
        { projection: itemFields },
      )
      .sort({ inboxAt: -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray();
    return page(rows, query.limit, (row) => row.inboxAt ?? row.createdAt, show);
  }

  async find(tenantId: string, recipientId: string, id: string): Promise<NotificationRow | undefined> {
    const row = await this.model
      .findOne(own(tenantId, recipientId, id), itemFields)
      .lean<NotificationRow>()
      .exec();
    return row ?? undefined;
  }

  /** At most {@link COUNT_CAP} each, answered from the indexes. */
  async counts(tenantId: string, recipientId: string, now: Date) {
    const counted = (_id: string, more: { unread?: true; unseen?: true }) => [
      { $match: { tenantId, recipientId, box: 'inbox', ...awake(now), ...more } },
      { $limit: COUNT_CAP },
      { $group: { _id, count: { $sum: 1 } } },
    ];
    const together = (pipeline: object[]) => ({ $unionWith: { coll: this.rows.collectionName, pipeline } });
    // One round trip: every open inbox asks after every change.
    const groups = await this.rows
      .aggregate<{ _id: string; count: number }>([
        ...counted('unread', { unread: true }),
        together(counted('unseen', { unseen: true })),
        together(counted('total', {})),
      ])
      .toArray();
    const of = (name: string) => groups.find(({ _id }) => _id === name)?.count ?? 0;
    const [unread, unseen, total] = [of('unread'), of('unseen'), of('total')];
    return { unread, unseen, total, capped: Math.max(unread, unseen, total) >= COUNT_CAP };
  }

  /** How many items of each type, category and severity, total and unread. */
  async stats(tenantId: string, recipientId: string, now: Date) {
    const by = (field: string) => [
      {
        $group: {
          _id: `$${field}`,
          total: { $sum: 1 },
          unread: { $sum: { $cond: [{ $eq: ['$unread', true] }, 1, 0] } },
        },
      },
      { $sort: { total: -1 as const, _id: 1 as const } },
      { $limit: 100 },
    ];
    type Group = { _id: string; total: number; unread: number };
    const [row] = await this.model.aggregate<Record<'type' | 'category' | 'severity', Group[]>>([
      { $match: { tenantId, recipientId, box: 'inbox', ...awake(now) } },
      { $sort: { inboxAt: -1 } },
      { $limit: 10_000 },
      { $facet: { type: by('type'), category: by('category'), severity: by('severity') } },
    ]);
    const named = (groups: Group[] | undefined) =>
      Object.fromEntries(
        (groups ?? []).map((group) => [group._id, { total: group.total, unread: group.unread }]),
      );
    return { types: named(row?.type), categories: named(row?.category), severities: named(row?.severity) };
  }

  markRead(tenantId: string, recipientId: string, id: string, now: Date, purgeAt: Date) {
    return this.change(tenantId, recipientId, id, read(now, purgeAt));
  }

  markUnread(tenantId: string, recipientId: string, id: string, purgeAt: Date) {
    return this.change(tenantId, recipientId, id, {
      $set: { unread: true, purgeAt, updatedAt: new Date() },
      $unset: { readAt: 1 },
    });
  }

  archive(tenantId: string, recipientId: string, id: string, now: Date) {
    return this.change(tenantId, recipientId, id, putAway(now));
  }

  unarchive(tenantId: string, recipientId: string, id: string, now: Date) {
    return this.change(tenantId, recipientId, id, takenBack(now));
  }

  snooze(tenantId: string, recipientId: string, id: string, until: Date, now: Date) {
    return this.change(tenantId, recipientId, id, { $set: { snoozedUntil: until, updatedAt: now } });
  }

  remove(tenantId: string, recipientId: string, id: string, now: Date, purgeAt: Date) {
    return this.change(tenantId, recipientId, id, tombstone(now, purgeAt));
  }

  /** Marks everything in the box as seen. */
  async markAllSeen(tenantId: string, recipientId: string, now: Date): Promise<number> {
    const done = await this.model.updateMany(
      { tenantId, recipientId, box: 'inbox', unseen: true },
      { $set: { seenAt: now, updatedAt: now }, $unset: { unseen: 1 } },
    );
    return done.modifiedCount;
  }

  /** Unread items, the given ones or all, at most `limit`: what a bulk read is about to change. */
  async findUnread(
    tenantId: string,
    recipientId: string,
    which: Which,
    limit: number,
  ): Promise<Pick<NotificationRow, 'id' | 'waiting'>[]> {
    return this.model
      .find(
        {
          tenantId,
          recipientId,
          box: { $in: kept },
          unread: true,
          ...(which.ids ? { _id: { $in: which.ids.map((id) => rowId(tenantId, id)) } } : {}),
          ...(which.threadKey === undefined ? {} : { threadKey: which.threadKey }),
        },
        { id: 1, waiting: 1 },
      )
      .limit(limit)
      .lean<Pick<NotificationRow, 'id' | 'waiting'>[]>()
      .exec();
  }

  async markManyRead(
    tenantId: string,
    recipientId: string,
    ids: string[],
    now: Date,
    purgeAt: Date,
  ): Promise<number> {
    const done = await this.model.updateMany(
      { _id: { $in: ids.map((id) => rowId(tenantId, id)) }, tenantId, recipientId, unread: true },
      read(now, purgeAt),
      { updatePipeline: true },
    );
    return done.modifiedCount;
  }

  async removeMany(
    tenantId: string,
    recipientId: string,
    which: 'read' | 'all',
    now: Date,
    purgeAt: Date,
  ): Promise<number> {
    const done = await this.model.updateMany(
      {
        tenantId,
        recipientId,
        box: { $in: kept },
        ...(which === 'read' ? { unread: { $exists: false } } : {}),
      },
      tombstone(now, purgeAt),
    );
    return done.modifiedCount;
  }

  private async change(
    tenantId: string,
    recipientId: string,
    id: string,
    update: Record<string, unknown> | Record<string, unknown>[],
  ): Promise<NotificationRow | undefined> {
    const row = await this.model
      .findOneAndUpdate(own(tenantId, recipientId, id), update, {
        returnDocument: 'after',
        updatePipeline: Array.isArray(update),
      })
      .lean<NotificationRow>()
      .exec();
    return row ?? undefined;
  }
}

function own(tenantId: string, recipientId: string, id: string) {
  return { _id: rowId(tenantId, id), tenantId, recipientId, box: { $in: kept } };
}
