import { Schema, type Connection, type Model } from 'mongoose';
import { reminderStatuses, type ReminderStatus } from '../contracts/reminders.js';
import { insertOnce, type InsertedOnce } from './insert-once.js';
import { newestPage } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf } from './rows.js';

/** One that was sent. */
export interface SentReminder {
  offset: string;
  /** The date that it reminded of. */
  dueAt: Date;
  at: Date;
  notificationId: string;
}

export interface ReminderRow {
  _id: string;
  tenantId: string;
  key: string;
  status: ReminderStatus;
  type: string;
  recipientId: string;
  /** `type:id` */
  related?: string;
  dueAt: Date;
  /** When `dueAt` was set last. */
  dueSetAt: Date;
  /** ISO 8601, as they were given. */
  offsets: string[];
  /** JSON of what is triggered; sealed, since it holds contents and perhaps an address. */
  notification: string;
  requestHash: string;
  /** Counts its changes. */
  revision: number;
  /** The latest ones. */
  sent: SentReminder[];
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
  /** Set when it ends. */
  purgeAt?: Date;
}

/** What is said of a reminder when it is made or replaced. */
export type ReminderContent = Pick<
  ReminderRow,
  'type' | 'recipientId' | 'related' | 'dueAt' | 'offsets' | 'notification' | 'requestHash'
>;

const schema = new Schema<ReminderRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    key: { type: String, required: true },
    status: { type: String, enum: reminderStatuses, required: true },
    type: { type: String, required: true },
    recipientId: { type: String, required: true },
    related: String,
    dueAt: { type: Date, required: true },
    dueSetAt: { type: Date, required: true },
    offsets: { type: [String], required: true },
    notification: { type: String, required: true },
    requestHash: { type: String, required: true },
    revision: { type: Number, required: true },
    sent: [{ _id: false, offset: String, dueAt: Date, at: Date, notificationId: String }],
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    purgeAt: Date,
  },
  { collection: 'reminders', versionKey: false },
);
// Serve list: all, of a person, of a thing, by status.
schema.index({ tenantId: 1, createdAt: -1, _id: -1 });
schema.index({ tenantId: 1, recipientId: 1, createdAt: -1, _id: -1 });
schema.index(
  { tenantId: 1, related: 1, createdAt: -1, _id: -1 },
  { partialFilterExpression: { related: { $exists: true } } },
);
schema.index({ tenantId: 1, status: 1, createdAt: -1, _id: -1 });
// Retention, by housekeeping.
schema.index({ purgeAt: 1 });

/** Days that one is kept after its end. */
const ENDED_DAYS = 90;
const DAY_MS = 86_400_000;
const SENT_KEPT = 100;

export interface ReminderFilter {
  recipient?: string | undefined;
  related?: string | undefined;
  status?: ReminderStatus | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** Due dates that people are reminded of. */
export class Reminders {
  private readonly model: Model<ReminderRow>;

  constructor(connection: Connection) {
    this.model = connection.model<ReminderRow>('Reminder', schema);
  }

  /** Stores it, unless its key is taken: then that one is answered. */
  insert(
    tenantId: string,
    key: string,
    content: ReminderContent,
    by: string,
  ): Promise<InsertedOnce<ReminderRow>> {
    const now = new Date();
    const row: ReminderRow = {
      ...content,
      _id: rowId(tenantId, key),
      tenantId,
      key,
      status: 'active',
      dueSetAt: now,
      revision: 1,
      sent: [],
      createdBy: by,
      createdAt: now,
      updatedAt: now,
    };
    return insertOnce(
      row,
      (whole) => this.model.create(whole),
      () => this.find(tenantId, key),
    );
  }

  /** Replaces what is said of it, and makes it active again if it had ended. Undefined where it was changed meanwhile. */
  async replace(before: ReminderRow, content: ReminderContent): Promise<ReminderRow | undefined> {
    const now = new Date();
    const isMoved = before.dueAt.getTime() !== content.dueAt.getTime();
    const row = await this.model
      .findOneAndUpdate(
        { _id: before._id, revision: before.revision },
        {
          $set: { ...content, status: 'active', updatedAt: now, ...(isMoved ? { dueSetAt: now } : {}) },
          $unset: { purgeAt: 1, ...(content.related === undefined ? { related: 1 } : {}) },
          $inc: { revision: 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<ReminderRow>()
      .exec();
    return row ?? undefined;
  }

  async find(tenantId: string, key: string): Promise<ReminderRow | undefined> {
    const row = await this.model.findById(rowId(tenantId, key)).lean<ReminderRow>().exec();
    return row ?? undefined;
  }

  /** Newest first. */
  async list<Item>(tenantId: string, filter: ReminderFilter, show: (row: ReminderRow) => Item) {
    const { recipient, related, status } = filter;
    const where = { tenantId, recipientId: recipient, related, status };
    return newestPage(rowsOf(this.model), 'createdAt', where, filter, show);
  }

  /** Keys of the active ones that concern a thing, of one person or of all. */
  async activeKeysRelated(
    tenantId: string,
    { related, recipientId }: { related: string; recipientId?: string | undefined },
    limit: number,
  ): Promise<string[]> {
    const rows = await this.model
      .find(
        { tenantId, related, status: 'active', ...(recipientId === undefined ? {} : { recipientId }) },
        { key: 1 },
      )
      .limit(limit)
      .lean<{ key: string }[]>()
      .exec();
    return rows.map(({ key }) => key);
  }

  /** Harmless when repeated. */
  async markSent(tenantId: string, key: string, sent: SentReminder): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, key), 'sent.notificationId': { $ne: sent.notificationId } },
      { $push: { sent: { $each: [sent], $slice: -SENT_KEPT } } },
    );
  }

  /** Nothing is left to be sent of it. False where it was changed meanwhile. */
  async markDone({ tenantId, key, revision }: ReminderRow): Promise<boolean> {
    const done = await this.model.updateOne(
      { _id: rowId(tenantId, key), status: 'active', revision },
      { $set: { status: 'done', purgeAt: purgeAt() } },
    );
    return done.matchedCount === 1;
  }

  /** Ends it, whatever was left to be sent. Answers what it was before; undefined where there is none. */
  async markEnded(
    tenantId: string,
    key: string,
    status: 'completed' | 'withdrawn',
  ): Promise<ReminderRow | undefined> {
    const row = await this.model
      .findOneAndUpdate(
        { _id: rowId(tenantId, key) },
        { $set: { status, updatedAt: new Date(), purgeAt: purgeAt() }, $inc: { revision: 1 } },
      )
      .lean<ReminderRow>()
      .exec();
    return row ?? undefined;
  }
}

function purgeAt(): Date {
  return new Date(Date.now() + ENDED_DAYS * DAY_MS);
}
