import { Schema, type Connection, type Model } from 'mongoose';
import { attemptKinds, type AttemptKind } from '../contracts/webhooks.js';
import { newestPage } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** One call of a webhook endpoint. */
export interface WebhookAttemptRow {
  _id: string;
  tenantId: string;
  id: string;
  endpointId: string;
  eventId: string;
  eventType: string;
  kind: AttemptKind;
  /** 1 is the first. */
  attempt: number;
  at: Date;
  durationMs: number;
  outcome: 'delivered' | 'failed';
  /** HTTP status; absent where nobody answered. */
  status?: number;
  /** What a refusal said, or why there was no answer: capped, without addresses and secrets. */
  response?: string;
  /** Absent where it was delivered or is given up. */
  nextAttemptAt?: Date;
  purgeAt: Date;
}

const schema = new Schema<WebhookAttemptRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    endpointId: { type: String, required: true },
    eventId: { type: String, required: true },
    eventType: { type: String, required: true },
    kind: { type: String, enum: attemptKinds, required: true },
    attempt: { type: Number, required: true },
    at: { type: Date, required: true },
    durationMs: { type: Number, required: true },
    outcome: { type: String, required: true },
    status: Number,
    response: String,
    nextAttemptAt: Date,
    purgeAt: { type: Date, required: true },
  },
  { collection: 'webhookAttempts', versionKey: false },
);
// Serves list, whole and by each filter.
schema.index({ tenantId: 1, endpointId: 1, at: -1, _id: -1 });
schema.index({ tenantId: 1, endpointId: 1, eventId: 1, at: -1, _id: -1 });
// Serves list and hasDelivered.
schema.index({ tenantId: 1, endpointId: 1, outcome: 1, at: -1, _id: -1 });
// Retention.
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

export interface WebhookAttemptFilter {
  event?: string;
  outcome?: WebhookAttemptRow['outcome'];
  limit: number;
  cursor?: string;
}

/** What became of each call of an endpoint. */
export class WebhookAttempts {
  private readonly rows: Rows<WebhookAttemptRow>;

  constructor(connection: Connection) {
    const model: Model<WebhookAttemptRow> = connection.model<WebhookAttemptRow>('WebhookAttempt', schema);
    this.rows = rowsOf(model);
  }

  async insert(attempts: readonly Omit<WebhookAttemptRow, '_id'>[]): Promise<void> {
    if (attempts.length === 0) return;
    await this.rows.insertMany(
      attempts.map((attempt) => ({ ...attempt, _id: rowId(attempt.tenantId, attempt.id) })),
      { ordered: false },
    );
  }

  /** Of one endpoint, newest first. */
  async list<Item>(
    tenantId: string,
    endpointId: string,
    filter: WebhookAttemptFilter,
    show: (row: WebhookAttemptRow) => Item,
  ) {
    const { event, outcome } = filter;
    return newestPage(this.rows, 'at', { tenantId, endpointId, eventId: event, outcome }, filter, show);
  }

  /** Whether the endpoint took anything since then. */
  async hasDelivered(tenantId: string, endpointId: string, since: Date): Promise<boolean> {
    const row = await this.rows.findOne(
      { tenantId, endpointId, outcome: 'delivered', at: { $gte: since } },
      { projection: { _id: 1 } },
    );
    return row !== null;
  }
}
