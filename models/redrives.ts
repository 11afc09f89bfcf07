import { Schema, type Connection, type Model } from 'mongoose';
import {
  finalRedriveStatuses,
  redriveStatuses,
  type RedriveCounts,
  type RedriveFilter,
  type RedriveStatus,
} from '../contracts/redrives.js';
import { insertOnce, type InsertedOnce } from './insert-once.js';
import { newestPage } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf } from './rows.js';

export interface RedriveRow {
  _id: string;
  tenantId: string;
  id: string;
  status: RedriveStatus;
  filter: RedriveFilter;
  perSecond: number;
  /** When it ended; until then the deliveries tell. */
  counts?: RedriveCounts;
  requestHash: string;
  createdBy: string;
  createdAt: Date;
  startedAt?: Date;
  finishedAt?: Date;
  purgeAt: Date;
}

const count = { type: Number, required: true };
const schema = new Schema<RedriveRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    status: { type: String, enum: redriveStatuses, required: true },
    filter: {
      channel: String,
      provider: String,
      failureReason: String,
      type: { type: String },
      recipient: String,
      from: String,
      to: String,
    },
    perSecond: { type: Number, required: true },
    counts: {
      type: { _id: false, matched: count, queued: count, started: count, skipped: count },
      required: false,
    },
    requestHash: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    startedAt: Date,
    finishedAt: Date,
    purgeAt: { type: Date, required: true },
  },
  { collection: 'redrives', versionKey: false, minimize: false },
);
// Serves list.
schema.index({ tenantId: 1, createdAt: -1, _id: -1 });
// Serves list and openIds.
schema.index({ tenantId: 1, status: 1, createdAt: -1, _id: -1 });
// Retention, by housekeeping.
schema.index({ purgeAt: 1 });

const open = { $nin: finalRedriveStatuses };

/** Redrives: new attempts at all failed deliveries that match a filter. */
export class Redrives {
  private readonly model: Model<RedriveRow>;

  constructor(connection: Connection) {
    this.model = connection.model<RedriveRow>('Redrive', schema);
  }

  /** Stores it, unless its ID is taken: then that one is answered. */
  insert(row: Omit<RedriveRow, '_id'>): Promise<InsertedOnce<RedriveRow>> {
    return insertOnce(
      { ...row, _id: rowId(row.tenantId, row.id) },
      (whole) => this.model.create(whole),
      () => this.find(row.tenantId, row.id),
    );
  }

  async find(tenantId: string, id: string): Promise<RedriveRow | undefined> {
    const row = await this.model.findById(rowId(tenantId, id)).lean<RedriveRow>().exec();
    return row ?? undefined;
  }

  /** Newest first. */
  async list(tenantId: string, filter: { status?: RedriveStatus; limit: number; cursor?: string }) {
    const where = { tenantId, status: filter.status };
    return newestPage(rowsOf(this.model), 'createdAt', where, filter, (row) => row);
  }

  /** The IDs of those that are under way. */
  async runningIds(tenantId: string): Promise<string[]> {
    const rows = await this.model
      .find({ tenantId, status: 'running' satisfies RedriveStatus }, { id: 1 })
      .lean<{ id: string }[]>()
      .exec();
    return rows.map(({ id }) => id);
  }

  /** Undefined when it is gone. Harmless when repeated. */
  async markBegun(tenantId: string, id: string): Promise<RedriveRow | undefined> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: 'accepted' },
      { $set: { status: 'running', startedAt: new Date() } },
    );
    return this.find(tenantId, id);
  }

  async markEnded(
    tenantId: string,
    id: string,
    ended: { status: 'completed' | 'cancelled' | 'failed'; counts: RedriveCounts },
  ): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: open },
      { $set: { ...ended, finishedAt: new Date() } },
    );
  }
}
