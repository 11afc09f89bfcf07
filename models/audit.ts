import { Schema, type Connection, type Model } from 'mongoose';
import { ulid } from 'ulid';
import { rowId } from './row-id.js';

interface AuditRow {
  _id: string;
  tenantId: string;
  at: Date;
  /** The key or person that acted, e.g. `key:key_01…`. */
  actor: string;
  /** e.g. `notification.in_app.corrected` */
  action: string;
  subject: string;
  /** JSON of what it was and became, secrets masked by the caller. */
  before?: string;
  after?: string;
}

const schema = new Schema<AuditRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    action: { type: String, required: true },
    subject: { type: String, required: true },
    before: String,
    after: String,
  },
  { collection: 'audit', versionKey: false },
);
// Serves the audit list.
schema.index({ tenantId: 1, at: -1, _id: -1 });

/** Who changed what, kept apart from what was changed. */
export class Audit {
  private readonly model: Model<AuditRow>;

  constructor(connection: Connection) {
    this.model = connection.model<AuditRow>('Audit', schema);
  }

  async record(
    tenantId: string,
    entry: { actor: string; action: string; subject: string; before?: unknown; after?: unknown },
  ): Promise<void> {
    await this.model.create({
      _id: rowId(tenantId, ulid()),
      tenantId,
      at: new Date(),
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      ...(entry.before === undefined ? {} : { before: JSON.stringify(entry.before) }),
      ...(entry.after === undefined ? {} : { after: JSON.stringify(entry.after) }),
    });
  }
}
