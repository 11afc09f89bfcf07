import { Schema, type ClientSession, type Connection, type Model, type mongo } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import { channelField } from './channel-fields.js';
import type { DigestPlace } from '../contracts/digests.js';
import { idsOf, isDuplicateKey, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** `waiting` until its window closes and takes it, or it leaves before that. */
const states = ['waiting', 'taken', 'left'] as const;

/** One notification's share in a digest. */
export interface DigestItemRow extends DigestPlace {
  _id: string;
  notificationId: string;
  /** Channels on which it is collected. */
  channels: ChannelName[];
  state: (typeof states)[number];
  /** The window that took it. */
  digestId?: string;
  type: string;
  category: string;
  title: string;
  message: string;
  threadKey?: string;
  url?: string;
  addedAt: Date;
  purgeAt: Date;
}

const schema = new Schema<DigestItemRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    recipientId: { type: String, required: true },
    digestKey: { type: String, required: true },
    notificationId: { type: String, required: true },
    channels: [channelField],
    state: { type: String, enum: states, required: true },
    digestId: String,
    type: { type: String, required: true },
    category: { type: String, required: true },
    title: String,
    message: String,
    threadKey: String,
    url: String,
    addedAt: { type: Date, required: true },
    purgeAt: { type: Date, required: true },
  },
  { collection: 'digestItems', versionKey: false },
);
// What a window takes, and what waits for it, newest first.
schema.index({ tenantId: 1, recipientId: 1, digestKey: 1, state: 1, addedAt: -1, _id: -1 });
// What a window has taken, newest first.
schema.index(
  { tenantId: 1, digestId: 1, addedAt: -1, _id: -1 },
  { partialFilterExpression: { digestId: { $exists: true } } },
);
// Retention, by housekeeping.
schema.index({ purgeAt: 1 });

/** What waits to go out together. */
export class DigestItems {
  private readonly rows: Rows<DigestItemRow>;

  constructor(connection: Connection) {
    const model: Model<DigestItemRow> = connection.model<DigestItemRow>('DigestItem', schema);
    this.rows = rowsOf(model);
  }

  /** Stores it, unless it is there. True while it waits: then its window is to be told. */
  async add(item: Omit<DigestItemRow, '_id' | 'state'>): Promise<boolean> {
    const _id = itemId(item);
    try {
      await this.rows.insertOne({ ...item, _id, state: 'waiting' });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    return (await this.rows.findOne({ _id }, { projection: { state: 1 } }))?.state === 'waiting';
  }

  /** All that waits joins the window that is closing. */
  async take(place: DigestPlace, digestId: string, session: ClientSession): Promise<void> {
    await this.rows.updateMany({ ...waitingAt(place) }, { $set: { state: 'taken', digestId } }, { session });
  }

  /** What a window took, newest first, so many after another one. */
  async taken(
    tenantId: string,
    digestId: string,
    limit: number,
    last?: Pick<DigestItemRow, 'addedAt' | '_id'>,
  ): Promise<DigestItemRow[]> {
    return this.newest({ tenantId, digestId }, limit, last);
  }

  /** What waits for a window, newest first. */
  async waiting(place: DigestPlace, limit: number): Promise<DigestItemRow[]> {
    return this.newest(waitingAt(place), limit);
  }

  /** How many wait. */
  async countWaiting(place: DigestPlace): Promise<number> {
    return this.rows.countDocuments(waitingAt(place));
  }

  /** How many a window took. */
  async countTaken(tenantId: string, digestId: string): Promise<number> {
    return this.rows.countDocuments({ tenantId, digestId });
  }

  /** Whether the notification is, or was, collected under the key. */
  async has(tenantId: string, digestKey: string, notificationId: string): Promise<boolean> {
    const _id = itemId({ tenantId, notificationId, digestKey });
    return (await this.rows.findOne({ _id }, { projection: { _id: 1 } })) !== null;
  }

  /** How one notification stands in each digest that has, or had, it: by key. */
  async statesOf(tenantId: string, notificationId: string): Promise<Map<string, DigestItemRow['state']>> {
    const rows = await this.rows
      .find({ _id: idsOf(rowId(tenantId, notificationId)) }, { projection: { digestKey: 1, state: 1 } })
      .toArray();
    return new Map(rows.map(({ digestKey, state }) => [digestKey, state]));
  }

  /** Types of what waits. */
  async waitingTypes(place: DigestPlace): Promise<string[]> {
    return this.rows.distinct('type', waitingAt(place));
  }

  /** One notification leaves all digests that have not taken it. Answers the channels on which it was collected. */
  async leave(tenantId: string, notificationId: string, digestKey?: string): Promise<ChannelName[]> {
    const left: ChannelName[] = [];
    const one = digestKey === undefined ? {} : { digestKey };
    const rows = await this.rows
      .find({ _id: idsOf(rowId(tenantId, notificationId)), state: 'waiting', ...one })
      .toArray();
    for (const { _id, channels } of rows) {
      const done = await this.rows.updateOne({ _id, state: 'waiting' }, { $set: { state: 'left' } });
      if (done.modifiedCount === 1) left.push(...channels);
    }
    return left;
  }

  private newest(
    filter: mongo.Filter<DigestItemRow>,
    limit: number,
    last?: Pick<DigestItemRow, 'addedAt' | '_id'>,
  ): Promise<DigestItemRow[]> {
    const after = last && {
      addedAt: { $lte: last.addedAt },
      $or: [{ addedAt: { $lt: last.addedAt } }, { _id: { $lt: last._id } }],
    };
    return this.rows
      .find({ ...filter, ...after })
      .sort({ addedAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }
}

function waitingAt({ tenantId, recipientId, digestKey }: DigestPlace) {
  return { tenantId, recipientId, digestKey, state: 'waiting' as const };
}

/** One for each notification and key: a channel collected daily and another one hourly are two. */
function itemId({
  tenantId,
  notificationId,
  digestKey,
}: Pick<DigestItemRow, 'tenantId' | 'notificationId' | 'digestKey'>) {
  return rowId(rowId(tenantId, notificationId), digestKey);
}
