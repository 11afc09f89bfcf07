import { Schema, type Connection, type Model } from 'mongoose';
import { broadcastStatuses, finalBroadcastStatuses, type BroadcastStatus } from '../contracts/broadcasts.js';
import { insertOnce, type InsertedOnce } from './insert-once.js';
import { newestPage } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf } from './rows.js';

export interface BroadcastRow {
  _id: string;
  tenantId: string;
  id: string;
  name: string;
  type: string;
  status: BroadcastStatus;
  /** JSON of what it says; sealed, since it holds contents. */
  message: string;
  /** JSON of the sources: filters name attributes and values. */
  audience: string;
  sendAt?: Date;
  spreadOverMs?: number;
  /** Counted when it began; corrected to what was found when it ends. Absent before. */
  total?: number;
  processed: number;
  /** Of the latest page. */
  ratePerSecond?: number;
  requestHash: string;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
  startedAt?: Date;
  finishedAt?: Date;
}

const schema = new Schema<BroadcastRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    name: { type: String, required: true },
    type: { type: String, required: true },
    status: { type: String, enum: broadcastStatuses, required: true },
    message: { type: String, required: true },
    audience: { type: String, required: true },
    sendAt: Date,
    spreadOverMs: Number,
    total: Number,
    processed: { type: Number, required: true },
    ratePerSecond: Number,
    requestHash: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    startedAt: Date,
    finishedAt: Date,
  },
  { collection: 'broadcasts', versionKey: false },
);
// Serves list.
schema.index({ tenantId: 1, createdAt: -1, _id: -1 });
schema.index({ tenantId: 1, status: 1, createdAt: -1, _id: -1 });
// Retention, by housekeeping.
schema.index({ updatedAt: 1 });

const open = { $nin: finalBroadcastStatuses };

/** Broadcasts: one message to many people. */
export class Broadcasts {
  private readonly model: Model<BroadcastRow>;

  constructor(connection: Connection) {
    this.model = connection.model<BroadcastRow>('Broadcast', schema);
  }

  /** Stores a draft, unless its ID is taken: then that one is answered. */
  insert(row: Omit<BroadcastRow, '_id'>): Promise<InsertedOnce<BroadcastRow>> {
    return insertOnce(
      { ...row, _id: rowId(row.tenantId, row.id) },
      (whole) => this.model.create(whole),
      () => this.find(row.tenantId, row.id),
    );
  }

  async find(tenantId: string, id: string): Promise<BroadcastRow | undefined> {
    const row = await this.model.findById(rowId(tenantId, id)).lean<BroadcastRow>().exec();
    return row ?? undefined;
  }

  /** Newest first. */
  async list<Item>(
    tenantId: string,
    filter: { status?: BroadcastStatus; limit: number; cursor?: string },
    show: (row: BroadcastRow) => Item,
  ) {
    const where = { tenantId, status: filter.status };
    return newestPage(rowsOf(this.model), 'createdAt', where, filter, show);
  }

  /** A draft whose run was started. False when it is no draft (any more). */
  async markStarted(tenantId: string, id: string): Promise<boolean> {
    const done = await this.model.updateOne(
      { _id: rowId(tenantId, id), status: 'draft' },
      { $set: { status: 'scheduled', updatedAt: new Date() } },
    );
    return done.matchedCount === 1;
  }

  /** It begins to send. The first call fixes when that was and how many it goes to; later ones answer the same. */
  async markBegun(
    tenantId: string,
    id: string,
    begun: { startedAt: Date; total: number },
  ): Promise<BroadcastRow | undefined> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), startedAt: { $exists: false }, status: open },
      { $set: { ...begun, status: 'running', updatedAt: new Date() } },
    );
    return this.find(tenantId, id);
  }

  async markStatus(tenantId: string, id: string, status: 'scheduled' | 'running' | 'paused'): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: open },
      {
        $set: { status, updatedAt: new Date() },
        ...(status === 'running' ? {} : { $unset: { ratePerSecond: 1 } }),
      },
    );
  }

  /** A page is done. `processed` counts from the broadcast's start, so that a repetition changes nothing. */
  async recordProgress(
    tenantId: string,
    id: string,
    progress: { processed: number; ratePerSecond: number },
  ): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: open, processed: { $lte: progress.processed } },
      { $set: { ...progress, updatedAt: new Date() } },
    );
  }

  async markEnded(
    tenantId: string,
    id: string,
    ended: { status: 'completed' | 'cancelled' | 'failed'; processed: number },
  ): Promise<void> {
    const now = new Date();
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: open },
      {
        $set: {
          ...ended,
          // Who was there when it was counted may have gone since, and the other way round.
          ...(ended.status === 'completed' ? { total: ended.processed } : {}),
          finishedAt: now,
          updatedAt: now,
        },
        $unset: { ratePerSecond: 1 },
      },
    );
  }
}
