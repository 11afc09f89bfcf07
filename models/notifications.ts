import type { Connection, Model, UpdateQuery } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import type { ChannelOutcomes } from '../contracts/outcomes.js';
import type { NotificationStatus } from '../contracts/statuses.js';
import type { Lookups } from './lookups.js';
import { insertOnce, type InsertedOnce } from './insert-once.js';
import {
  MAX_TIMELINE,
  notificationSchema,
  type NotificationRow,
  type TimelineEntry,
} from './notification-schema.js';
import { endChannels } from './notification-status.js';
import { newestPage } from './newest-page.js';
import { requestLookups, type NotificationRequest } from './notification-requests.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** The index by the object that it concerns. */
const RELATED = { tenantId: 1, related: 1, createdAt: -1, _id: -1 } as const;

export interface NotificationFilter {
  recipient?: string;
  type?: string;
  status?: NotificationStatus;
  channel?: ChannelName;
  from?: Date;
  to?: Date;
  /** `type:id` */
  related?: string;
  limit: number;
  cursor?: string;
}

/** What a later plan may change of a stored notification. */
export type Replanned = Partial<NotificationRow> & Pick<NotificationRow, 'plan' | 'status' | 'outcomes'>;

/** The engine's writes, and the operators' reads. The person's reads are in `inbox.ts`. */
export class Notifications {
  readonly model: Model<NotificationRow>;
  private readonly rows: Rows<NotificationRow>;
  private readonly requests: Lookups<NotificationRequest>;

  constructor(connection: Connection) {
    this.model = connection.model<NotificationRow>('Notification', notificationSchema);
    this.rows = rowsOf(this.model);
    this.requests = requestLookups(this.rows);
  }

  /** Stores the first plan, unless one is stored already: then that one is answered. */
  insertPlanned(planned: NotificationRow): Promise<InsertedOnce<NotificationRow>> {
    const row = writtenNow(planned);
    return insertOnce(
      row,
      (whole) => this.rows.insertOne(whole),
      () => this.find(row.tenantId, row.id),
    );
  }

  /** Stores a later plan if it is newer than the stored one; answers what is stored then, and if it is this one. */
  async storePlan(
    tenantId: string,
    id: string,
    next: Replanned,
    remove: (keyof NotificationRow)[],
    entry: TimelineEntry,
  ): Promise<{ row: NotificationRow | undefined; stored: boolean }> {
    const update: UpdateQuery<NotificationRow> = {
      $set: { ...next, updatedAt: new Date() },
      $push: { timeline: { $each: [entry], $slice: -MAX_TIMELINE } },
      ...(remove.length > 0 ? { $unset: Object.fromEntries(remove.map((name) => [name, 1])) } : {}),
    };
    const row = await this.model
      .findOneAndUpdate({ _id: rowId(tenantId, id), 'plan.sequence': { $lt: next.plan.sequence } }, update, {
        returnDocument: 'after',
      })
      .lean<NotificationRow>()
      .exec();
    return row ? { row, stored: true } : { row: await this.find(tenantId, id), stored: false };
  }

  /** Marks how channels ended; the status follows. Harmless when repeated, but for the timeline's entry. */
  async markEnded(
    tenantId: string,
    id: string,
    outcomes: ChannelOutcomes,
    entries: TimelineEntry[],
  ): Promise<NotificationRow | undefined> {
    const row = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, id) },
      endChannels(outcomes, entries, new Date()),
      { returnDocument: 'after' },
    );
    return row ?? undefined;
  }

  /** A channel that had ended is tried again; the status follows. Without an entry it is harmless when repeated. */
  async markReopened(
    tenantId: string,
    id: string,
    channel: ChannelName,
    entries: TimelineEntry[],
  ): Promise<NotificationRow | undefined> {
    return this.markEnded(tenantId, id, { [channel]: 'open' as const }, entries);
  }

  /** No further step follows: it was read, or cancelled. All its channels have ended. */
  async endEscalation(tenantId: string, id: string, entry?: TimelineEntry): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), 'escalation.nextAt': { $exists: true } },
      {
        $unset: { 'escalation.nextAt': 1, waiting: 1 },
        ...(entry ? { $push: { timeline: { $each: [entry], $slice: -MAX_TIMELINE } } } : {}),
      },
    );
  }

  async addToTimeline(tenantId: string, id: string, entry: TimelineEntry): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id) },
      { $push: { timeline: { $each: [entry], $slice: -MAX_TIMELINE } } },
    );
  }

  /** Adds an entry unless one of this event with these words stands there. */
  async addToTimelineOnce(tenantId: string, id: string, entry: TimelineEntry): Promise<void> {
    const { event, detail } = entry;
    await this.model.updateOne(
      { _id: rowId(tenantId, id), timeline: { $not: { $elemMatch: { event, detail } } } },
      { $push: { timeline: { $each: [entry], $slice: -MAX_TIMELINE } } },
    );
  }

  /** An administrator's correction of an item in the inbox. */
  async correctItem(
    tenantId: string,
    id: string,
    correction: Partial<Pick<NotificationRow, 'title' | 'message' | 'severity' | 'trigger'>>,
  ): Promise<void> {
    const now = new Date();
    await this.model.updateOne(
      { _id: rowId(tenantId, id) },
      {
        $set: { ...correction, updatedAt: now },
        $push: { timeline: { $each: [{ at: now, event: 'corrected' }], $slice: -MAX_TIMELINE } },
      },
    );
  }

  /** Takes an item out of the inbox: a tombstone until `purgeAt`. */
  async retract(tenantId: string, id: string, now: Date, purgeAt: Date): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id) },
      {
        $set: { box: 'deleted', deletedAt: now, purgeAt, updatedAt: now },
        $unset: { unread: 1, unseen: 1, snoozedUntil: 1 },
        $push: { timeline: { $each: [{ at: now, event: 'retracted' }], $slice: -MAX_TIMELINE } },
      },
    );
  }

  async find(tenantId: string, id: string): Promise<NotificationRow | undefined> {
    const row = await this.model.findById(rowId(tenantId, id)).lean<NotificationRow>().exec();
    return row ?? undefined;
  }

  /** For a repeated trigger, or a word to its run: what was asked under this ID, and how far it is. */
  findRequest(tenantId: string, id: string): Promise<NotificationRequest | undefined> {
    return this.requests.find(rowId(tenantId, id));
  }

  /** IDs of a person's notifications whose runs may still be told something, in pages by ID. */
  async findWaiting(tenantId: string, recipientId: string, afterId: string | undefined, limit: number) {
    const rows = await this.model
      .find(
        {
          tenantId,
          recipientId,
          waiting: true,
          ...(afterId === undefined ? {} : { _id: { $gt: rowId(tenantId, afterId) } }),
        },
        { id: 1 },
      )
      .hint('waiting_of_person')
      .sort({ _id: 1 })
      .limit(limit)
      .lean<{ id: string }[]>()
      .exec();
    return rows.map((row) => row.id);
  }

  /** IDs of what concerns a thing and has not all gone out, of one person or of all, in pages by ID. */
  async findUnsentRelated(
    tenantId: string,
    { related, recipientId }: { related: string; recipientId?: string | undefined },
    afterId: string | undefined,
    limit: number,
  ): Promise<string[]> {
    const rows = await this.model
      .find(
        {
          tenantId,
          related,
          ...(recipientId === undefined ? {} : { recipientId }),
          $or: [{ waiting: true }, { status: 'digesting' }],
          ...(afterId === undefined ? {} : { _id: { $gt: rowId(tenantId, afterId) } }),
        },
        { id: 1 },
      )
      .hint(RELATED)
      .sort({ _id: 1 })
      .limit(limit)
      .lean<{ id: string }[]>()
      .exec();
    return rows.map((row) => row.id);
  }

  /** Takes what concerns a thing out of the inboxes of one person or of all; answers how many. Tombstones until `purgeAt`. */
  async retractRelated(
    tenantId: string,
    { related, recipientId }: { related: string; recipientId?: string | undefined },
    { now, purgeAt, detail }: { now: Date; purgeAt: Date; detail: string },
  ): Promise<number> {
    const done = await this.model.updateMany(
      {
        tenantId,
        related,
        ...(recipientId === undefined ? {} : { recipientId }),
        box: { $in: ['inbox', 'archive'] },
      },
      {
        $set: { box: 'deleted', deletedAt: now, purgeAt, updatedAt: now },
        $unset: { unread: 1, unseen: 1, snoozedUntil: 1 },
        $push: { timeline: { $each: [{ at: now, event: 'retracted', detail }], $slice: -MAX_TIMELINE } },
      },
      { hint: RELATED },
    );
    return done.modifiedCount;
  }

  /** Which of these people have runs that may still be told something. */
  async waitingAmong(tenantId: string, recipientIds: readonly string[]): Promise<string[]> {
    const people = await this.rows
      .aggregate<{ _id: string }>(
        [
          { $match: { tenantId, recipientId: { $in: recipientIds }, waiting: true } },
          { $group: { _id: '$recipientId' } },
        ],
        { hint: 'waiting_of_person' },
      )
      .toArray();
    return people.map(({ _id }) => _id);
  }

  /** Newest first. */
  async list<Item>(tenantId: string, filter: NotificationFilter, show: (row: NotificationRow) => Item) {
    const { recipient, type, status, related, channel } = filter;
    const where = {
      tenantId,
      recipientId: recipient,
      type,
      status,
      related,
      ...(channel === undefined ? {} : { [`outcomes.${channel}`]: { $exists: true, $ne: 'skipped' } }),
    };
    return newestPage(this.rows, 'createdAt', where, filter, show);
  }
}

/**
 * With the time at which it is written, by which whoever was away is told what changed: it may have been planned a good
 * while before, where the database was away.
 */
export function writtenNow(row: NotificationRow): NotificationRow {
  return { ...row, updatedAt: new Date() };
}
