import { Schema, type Connection, type Model } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import type { FailureReason } from '../contracts/errors.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

const DAY_MS = 86_400_000;

/** How often deliveries of a tenant have failed at one provider since the first failure of a window. */
export interface FailureCountRow {
  _id: string;
  tenantId: string;
  channel: ChannelName;
  provider: string;
  since: Date;
  windowMs: number;
  count: number;
  /** The latest one's. */
  failureReason: FailureReason;
  /** The threshold is passed, and nobody has been told. */
  due: boolean;
  told: boolean;
  purgeAt: Date;
}

const schema = new Schema<FailureCountRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    channel: { type: String, required: true },
    provider: { type: String, required: true },
    since: { type: Date, required: true },
    windowMs: { type: Number, required: true },
    count: { type: Number, required: true },
    failureReason: { type: String, required: true },
    due: { type: Boolean, required: true },
    told: { type: Boolean, required: true },
    purgeAt: { type: Date, required: true },
  },
  { collection: 'failureCounts', versionKey: false },
);
const DUE = 'due';
// Serves due. Of all tenants: it is a worker that looks.
schema.index({ due: 1, _id: 1 }, { partialFilterExpression: { due: true }, name: DUE });
// Long past its window.
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

/** Counters of failures: one row for each tenant, channel and provider. */
export class FailureCounts {
  private readonly rows: Rows<FailureCountRow>;

  constructor(connection: Connection) {
    const model: Model<FailureCountRow> = connection.model<FailureCountRow>('FailureCount', schema);
    this.rows = rowsOf(model);
  }

  /**
   * Counts failures, and begins a new window with them where the last one is over; but not over one that somebody is
   * still to be told of.
   */
  async add(
    failed: Pick<FailureCountRow, 'tenantId' | 'channel' | 'provider' | 'failureReason'> & { times: number },
    { windowMs, threshold }: { windowMs: number; threshold: number },
  ): Promise<FailureCountRow> {
    const { tenantId, channel, provider, failureReason, times } = failed;
    const isOver = {
      $and: [
        { $ne: ['$due', true] },
        { $lt: [{ $ifNull: ['$since', new Date(0)] }, { $subtract: ['$$NOW', windowMs] }] },
      ],
    };
    const row = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, `${channel}/${provider}`) },
      [
        { $set: { isOver } },
        {
          $set: {
            tenantId,
            channel,
            provider: { $literal: provider },
            failureReason,
            windowMs,
            since: { $cond: ['$isOver', '$$NOW', '$since'] },
            count: { $cond: ['$isOver', times, { $add: ['$count', times] }] },
            told: { $cond: ['$isOver', false, '$told'] },
          },
        },
        {
          $set: {
            due: { $and: [{ $gte: ['$count', threshold] }, { $not: ['$told'] }] },
            purgeAt: { $add: ['$$NOW', windowMs + DAY_MS] },
          },
        },
        { $unset: 'isOver' },
      ],
      { upsert: true, returnDocument: 'after' },
    );
    if (!row) throw new Error('an upsert answered nothing');
    return row;
  }

  /** Windows whose administrators are still to be told, of all tenants. */
  async due(limit: number): Promise<FailureCountRow[]> {
    return this.rows.find({ due: true }).hint(DUE).sort({ due: 1, _id: 1 }).limit(limit).toArray();
  }

  /** They were told of this window. */
  async markTold({ _id, since }: Pick<FailureCountRow, '_id' | 'since'>): Promise<void> {
    await this.rows.updateOne({ _id, since }, { $set: { told: true, due: false } });
  }
}
