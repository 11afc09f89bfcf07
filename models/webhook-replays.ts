import { Schema, type Connection, type Model } from 'mongoose';
import { replayStatuses, type ReplayCounts, type ReplayStatus } from '../contracts/webhooks.js';
import { newestPage, type Part } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** The events of a period, sent to an endpoint again. */
export interface WebhookReplayRow {
  _id: string;
  tenantId: string;
  id: string;
  endpointId: string;
  from: Date;
  to: Date;
  /** Names of events; no patterns. */
  types: string[];
  status: ReplayStatus;
  counts: ReplayCounts;
  /** The last event that was sent. */
  position?: { at: Date; id: string };
  createdBy: string;
  createdAt: Date;
  finishedAt?: Date;
  purgeAt: Date;
}

const count = { type: Number, required: true };
const counts = new Schema<ReplayCounts>({ total: count, delivered: count, failed: count }, { _id: false });
const schema = new Schema<WebhookReplayRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    endpointId: { type: String, required: true },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    types: { type: [String], required: true },
    status: { type: String, enum: replayStatuses, required: true },
    counts: { type: counts, required: true },
    position: { type: { _id: false, at: Date, id: String }, required: false },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    finishedAt: Date,
    purgeAt: { type: Date, required: true },
  },
  { collection: 'webhookReplays', versionKey: false },
);
// Serves list.
schema.index({ tenantId: 1, endpointId: 1, createdAt: -1, _id: -1 });
// Retention.
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

/** Replays, and how far they are. */
export class WebhookReplays {
  private readonly rows: Rows<WebhookReplayRow>;

  constructor(connection: Connection) {
    const model: Model<WebhookReplayRow> = connection.model<WebhookReplayRow>('WebhookReplay', schema);
    this.rows = rowsOf(model);
  }

  async insert(row: Omit<WebhookReplayRow, '_id'>): Promise<WebhookReplayRow> {
    const whole = { ...row, _id: rowId(row.tenantId, row.id) };
    await this.rows.insertOne(whole);
    return whole;
  }

  async find(tenantId: string, id: string): Promise<WebhookReplayRow | undefined> {
    return (await this.rows.findOne({ _id: rowId(tenantId, id) })) ?? undefined;
  }

  /** Of one endpoint, newest first. */
  async list(tenantId: string, endpointId: string, part: Pick<Part, 'limit' | 'cursor'>) {
    return newestPage(this.rows, 'createdAt', { tenantId, endpointId }, part, (row) => row);
  }

  /** Everything up to `position` was sent; a page that is repeated goes on behind it. */
  async markSent(
    tenantId: string,
    id: string,
    {
      position,
      delivered,
      failed,
    }: { position: { at: Date; id: string }; delivered: number; failed: number },
  ): Promise<WebhookReplayRow | undefined> {
    const row = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, id) },
      { $set: { position }, $inc: { 'counts.delivered': delivered, 'counts.failed': failed } },
      { returnDocument: 'after' },
    );
    return row ?? undefined;
  }

  async markEnded(tenantId: string, id: string, status: Exclude<ReplayStatus, 'running'>): Promise<void> {
    await this.rows.updateOne(
      { _id: rowId(tenantId, id), status: 'running' },
      { $set: { status, finishedAt: new Date() } },
    );
  }
}
