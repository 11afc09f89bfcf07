import { Schema } from 'mongoose';
import { disabledReasons, type DisabledReason } from '../contracts/webhooks.js';

export interface WebhookEndpointRow {
  _id: string;
  tenantId: string;
  id: string;
  /** Counts the changes of its settings: what was read at another count is read anew. */
  version: number;
  /** The tenant's key that sealed it. */
  keyId: string;
  /** {@link SealedSettings} as JSON, sealed for this very row. */
  sealed: string;
  description?: string;
  events: string[];
  enabled: boolean;
  disabledReason?: DisabledReason;
  disabledAt?: Date;
  /** Administrators are still to be told that it was disabled. */
  noticeDue?: true;
  /** Since when nothing has reached it; absent while it works. */
  failingSince?: Date;
  createdAt: Date;
  updatedAt: Date;
}

/** What may hold secrets: a URL's path often is one. */
export interface SealedSettings {
  url: string;
  headers: Record<string, string>;
  /** The current one first; those that it replaced sign until `untilMs`. */
  secrets: { secret: string; untilMs?: number }[];
}

export const webhookEndpointSchema = new Schema<WebhookEndpointRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    version: { type: Number, required: true },
    keyId: { type: String, required: true },
    sealed: { type: String, required: true },
    description: String,
    events: { type: [String], required: true },
    enabled: { type: Boolean, required: true },
    disabledReason: { type: String, enum: disabledReasons },
    disabledAt: Date,
    noticeDue: Boolean,
    failingSince: Date,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'webhookEndpoints', versionKey: false },
);

export const ENABLED = 'enabled';
export const NOTICE_DUE = 'notice_due';

// Serves enabled: of all tenants, for the process that tells them.
webhookEndpointSchema.index(
  { enabled: 1, _id: 1 },
  { partialFilterExpression: { enabled: true }, name: ENABLED },
);
// Serves noticesDue. Of all tenants: it is a worker that looks.
webhookEndpointSchema.index(
  { noticeDue: 1, _id: 1 },
  { partialFilterExpression: { noticeDue: true }, name: NOTICE_DUE },
);
