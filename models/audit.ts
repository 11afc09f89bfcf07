import { Schema, type Connection, type Model } from 'mongoose';
import { ulid } from 'ulid';
import { newestPage } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf } from './rows.js';
import type { Tenants } from './tenants.js';

export interface AuditRow {
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
  purgeAt: Date;
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
    purgeAt: { type: Date, required: true },
  },
  { collection: 'audit', versionKey: false },
);
// Serve the trail, whole and by each of its filters.
schema.index({ tenantId: 1, at: -1, _id: -1 });
schema.index({ tenantId: 1, actor: 1, at: -1, _id: -1 });
schema.index({ tenantId: 1, action: 1, at: -1, _id: -1 });
schema.index({ tenantId: 1, subject: 1, at: -1, _id: -1 });
schema.index({ purgeAt: 1 });

const DAY_MS = 86_400_000;

export interface AuditFilter {
  actor?: string;
  action?: string;
  subject?: string;
  from?: Date;
  to?: Date;
  limit: number;
  cursor?: string;
}

/** The actor that a person is. */
export function personActor(recipientId: string): string {
  return `person:${recipientId}`;
}

/** Who changed what, kept apart from what was changed, for the tenant's `auditDays`. */
export class Audit {
  private readonly model: Model<AuditRow>;

  constructor(
    connection: Connection,
    private readonly tenants: Tenants,
  ) {
    this.model = connection.model<AuditRow>('Audit', schema);
  }

  async record(
    tenantId: string,
    entry: { actor: string; action: string; subject: string; before?: unknown; after?: unknown },
  ): Promise<void> {
    const at = new Date();
    await this.model.create({
      _id: rowId(tenantId, ulid()),
      tenantId,
      at,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      ...(entry.before === undefined ? {} : { before: JSON.stringify(entry.before) }),
      ...(entry.after === undefined ? {} : { after: JSON.stringify(entry.after) }),
      purgeAt: new Date(at.getTime() + (await this.tenants.auditDays(tenantId)) * DAY_MS),
    });
  }

  /** Newest first. */
  async list<Item>(tenantId: string, filter: AuditFilter, show: (row: AuditRow) => Item) {
    const { actor, action, subject } = filter;
    return newestPage(rowsOf(this.model), 'at', { tenantId, actor, action, subject }, filter, show);
  }
}
