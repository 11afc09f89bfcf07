import { Schema, type Connection, type Model } from 'mongoose';
import { ulid } from 'ulid';
import { severities, type Severity } from '../contracts/notification-types.js';
import type { Position } from './cursor.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** A word to those who are there, or come back soon; not a notification. */
export interface SystemMessageRow {
  _id: string;
  tenantId: string;
  /** {@link audienceOf} of everyone who is to hear it. */
  audiences: string[];
  text: string;
  level: Severity;
  at: Date;
  purgeAt: Date;
}

const schema = new Schema<SystemMessageRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    audiences: { type: [String], required: true },
    text: { type: String, required: true },
    level: { type: String, enum: severities, required: true },
    at: { type: Date, required: true },
    purgeAt: { type: Date, required: true },
  },
  { collection: 'systemMessages', versionKey: false },
);
// Serves missed.
schema.index({ tenantId: 1, audiences: 1, at: 1 });
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

/** How long somebody who was away still gets one, in milliseconds: an hour. */
export const SYSTEM_MESSAGE_KEPT_MS = 3_600_000;

/** Whom a message is for: `person/u-42`, `role/approver`, `topic/c-1`, `everyone`. */
export function audienceOf(kind: 'person' | 'role' | 'topic', name: string): string {
  return `${kind}/${name}`;
}
export const EVERYONE = 'everyone';

/** What every API process hears by its change feed, and tells those who are connected to it. */
export class SystemMessages {
  private readonly rows: Rows<SystemMessageRow>;

  constructor(connection: Connection) {
    const model: Model<SystemMessageRow> = connection.model<SystemMessageRow>('SystemMessage', schema);
    this.rows = rowsOf(model);
  }

  /** Answers its ID. */
  async insert(
    tenantId: string,
    message: Pick<SystemMessageRow, 'audiences' | 'text' | 'level'>,
    now = new Date(),
  ): Promise<string> {
    const id = `sys_${ulid(now.getTime())}`;
    const purgeAt = new Date(now.getTime() + SYSTEM_MESSAGE_KEPT_MS);
    await this.rows.insertOne({ _id: rowId(tenantId, id), tenantId, ...message, at: now, purgeAt });
    return id;
  }

  /** The oldest `limit` after a position, for any of these audiences. */
  async missed(
    tenantId: string,
    audiences: readonly string[],
    { at, id }: Position,
    limit: number,
    now: Date,
  ): Promise<SystemMessageRow[]> {
    return this.rows
      .find({
        tenantId,
        audiences: { $in: [...audiences] },
        at: { $gte: at },
        $or: [{ at: { $gt: at } }, { _id: { $gt: id } }],
        purgeAt: { $gt: now },
      })
      .sort({ at: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }
}
