import { Schema, type ClientSession, type Connection, type Model } from 'mongoose';
import { ulid } from 'ulid';
import type { DigestPlace, DigestTimes } from '../contracts/digests.js';
import { isDuplicateKey, rowId } from './row-id.js';
import { newestPage } from './newest-page.js';
import { rowsOf, type Rows } from './rows.js';

/** `open` collects; `closing` is being sent; then one of the others. */
const states = ['open', 'closing', 'sent', 'empty', 'cancelled'] as const;
type DigestState = (typeof states)[number];

/** One window of one digest: from its first item until it is sent. */
export interface DigestRow extends DigestPlace {
  _id: string;
  id: string;
  state: DigestState;
  openedAt: Date;
  closesAt: Date;
  /** When its workflow was last told of it; absent until it knows. */
  toldAt?: Date;
  /** The notification that it went out in. */
  notificationId?: string;
  purgeAt: Date;
}

const schema = new Schema<DigestRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    recipientId: { type: String, required: true },
    digestKey: { type: String, required: true },
    state: { type: String, enum: states, required: true },
    openedAt: { type: Date, required: true },
    closesAt: { type: Date, required: true },
    toldAt: Date,
    notificationId: String,
    purgeAt: { type: Date, required: true },
  },
  { collection: 'digests', versionKey: false },
);
// At any time one digest of a person and key collects.
schema.index(
  { tenantId: 1, recipientId: 1, digestKey: 1 },
  { unique: true, partialFilterExpression: { state: 'open' } },
);
// Those that collect: of a person, or all.
schema.index(
  { tenantId: 1, state: 1, recipientId: 1, openedAt: -1, _id: -1 },
  { name: 'open_of_person', partialFilterExpression: { state: 'open' } },
);
schema.index(
  { tenantId: 1, state: 1, openedAt: -1, _id: -1 },
  { name: 'open', partialFilterExpression: { state: 'open' } },
);
// A person's, for their erasure and export.
schema.index({ tenantId: 1, recipientId: 1 }, { name: 'of_person' });
// Retention, by housekeeping.
schema.index({ purgeAt: 1 });

const DAY_MS = 86_400_000;
/** Days that a window is kept: while it is open at most, and after it. */
const OPEN_DAYS = 400;
const ENDED_DAYS = 30;

export interface DigestFilter {
  recipient?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** The windows in which notifications are collected. Items are in `digest-items.ts`. */
export class Digests {
  private readonly model: Model<DigestRow>;
  private readonly rows: Rows<DigestRow>;

  constructor(private readonly connection: Connection) {
    this.model = connection.model<DigestRow>('Digest', schema);
    this.rows = rowsOf(this.model);
  }

  /**
   * The window that collects, opened where there is none; a sliding one is moved on. To be called after the item was
   * stored: a window that is closing by then has the item, or this opens the next one for it.
   */
  async touch(
    place: DigestPlace,
    nowMs: number,
    times: DigestTimes & { closesAtMs: number },
  ): Promise<DigestRow> {
    const row = await this.open(place, nowMs, times.closesAtMs);
    if (times.longestMs === undefined) return row;
    const endMs = Math.min(nowMs + times.periodMs, row.openedAt.getTime() + times.longestMs);
    if (endMs <= row.closesAt.getTime()) return row;
    const closesAt = new Date(endMs);
    await this.rows.updateOne({ _id: row._id, state: 'open' }, { $max: { closesAt } });
    return { ...row, closesAt };
  }

  private async open(place: DigestPlace, nowMs: number, closesAtMs: number): Promise<DigestRow> {
    const { tenantId, recipientId, digestKey } = place;
    const id = `dig_${ulid()}`;
    for (;;) {
      try {
        const row = await this.rows.findOneAndUpdate(
          { tenantId, recipientId, digestKey, state: 'open' },
          {
            $setOnInsert: {
              _id: rowId(tenantId, id),
              id,
              openedAt: new Date(nowMs),
              closesAt: new Date(closesAtMs),
            },
            // Written in any case: so that it waits for a transaction that is closing the window.
            $set: { purgeAt: new Date(nowMs + OPEN_DAYS * DAY_MS) },
          },
          { upsert: true, returnDocument: 'after' },
        );
        if (row) return row;
      } catch (error) {
        // Two opened it at once, or it is being closed.
        if (!isDuplicateKey(error) && !isWriteConflict(error)) throw error;
      }
    }
  }

  /** Its workflow knows of it. */
  async markTold(tenantId: string, id: string, at: Date): Promise<void> {
    await this.rows.updateOne({ _id: rowId(tenantId, id) }, { $set: { toldAt: at } });
  }

  /**
   * Ends the collecting, once: `take` is called in the same transaction, after which no item joins this window. Answers
   * the window as it stands then, `open` where it is not due, undefined where there is none; and whether this call
   * ended it.
   * @param when.early it closes although it is not due.
   */
  async close(
    tenantId: string,
    id: string,
    when: { nowMs: number; early: boolean },
    take: (row: DigestRow, session: ClientSession) => Promise<void>,
  ): Promise<{ window: DigestRow | undefined; isFirst: boolean }> {
    const session = await this.connection.startSession();
    const now = new Date(when.nowMs);
    const due = when.early ? {} : { closesAt: { $lte: now } };
    try {
      const closed = await session.withTransaction(async () => {
        const row = await this.rows.findOneAndUpdate(
          { _id: rowId(tenantId, id), state: 'open', ...due },
          { $set: { state: 'closing', closesAt: now } },
          { session, returnDocument: 'after' },
        );
        if (row) await take(row, session);
        return row;
      });
      return { window: closed ?? (await this.find(tenantId, id)), isFirst: closed !== null };
    } finally {
      await session.endSession();
    }
  }

  /** A window that was closing has been dealt with. */
  async markEnded(
    tenantId: string,
    id: string,
    ended: { state: 'sent' | 'empty' | 'cancelled'; notificationId?: string },
  ): Promise<void> {
    const purgeAt = new Date(Date.now() + ENDED_DAYS * DAY_MS);
    await this.rows.updateOne(
      { _id: rowId(tenantId, id), state: { $in: ['open', 'closing'] } },
      { $set: { ...ended, purgeAt } },
    );
  }

  /** Moves the end of one that collects. */
  async move(tenantId: string, id: string, closesAt: Date): Promise<void> {
    await this.rows.updateOne({ _id: rowId(tenantId, id), state: 'open' }, { $set: { closesAt } });
  }

  async find(tenantId: string, id: string): Promise<DigestRow | undefined> {
    return (await this.rows.findOne({ _id: rowId(tenantId, id) })) ?? undefined;
  }

  /** The window of this person and key that collects. */
  async findOpen({ tenantId, recipientId, digestKey }: DigestPlace): Promise<DigestRow | undefined> {
    return (await this.rows.findOne({ tenantId, recipientId, digestKey, state: 'open' })) ?? undefined;
  }

  /** Those of a person that collect, few as their keys are. */
  async openOf(tenantId: string, recipientId: string): Promise<DigestRow[]> {
    return this.rows.find({ tenantId, state: 'open', recipientId }).toArray();
  }

  /** Those that collect, newest first. */
  async list<Item>(tenantId: string, filter: DigestFilter, show: (row: DigestRow) => Item) {
    const where = { tenantId, state: 'open', recipientId: filter.recipient };
    return newestPage(this.rows, 'openedAt', where, filter, show);
  }
}

/** A plain write that met a transaction is tried again by the server; one that found its row gone is told so. */
function isWriteConflict(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 112;
}
