import { Schema, type Connection, type Model } from 'mongoose';
import { idsOf, isDuplicateKey, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

interface AttachmentRow {
  _id: string;
  tenantId: string;
  /** Base64 of the content, sealed. */
  sealed: string;
  createdAt: Date;
  purgeAt: Date;
}

const schema = new Schema<AttachmentRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    sealed: { type: String, required: true },
    createdAt: { type: Date, required: true },
    purgeAt: { type: Date, required: true },
  },
  { collection: 'attachments', versionKey: false },
);
// Retention, by housekeeping.
schema.index({ purgeAt: 1 });

/**
 * Contents that came with a request, kept out of Temporal's histories. A row's ID is made of the notification or
 * broadcast, the hash of the request and the place in it: the same request again finds its own, and another one under
 * the same key, which is refused, changes nothing of them.
 */
export class Attachments {
  private readonly rows: Rows<AttachmentRow>;

  constructor(connection: Connection) {
    const model: Model<AttachmentRow> = connection.model<AttachmentRow>('Attachment', schema);
    this.rows = rowsOf(model);
  }

  /** Stores one, unless it is there. Answers what it is found by. */
  async store(
    tenantId: string,
    owner: { id: string; requestHash: string },
    place: number,
    content: { sealed: string; purgeAt: Date },
  ): Promise<string> {
    const stored = `${ownerOf(owner)}/${place}`;
    const { sealed, purgeAt } = content;
    try {
      await this.rows.updateOne(
        { _id: rowId(tenantId, stored) },
        { $setOnInsert: { tenantId, sealed, createdAt: new Date() }, $max: { purgeAt } },
        { upsert: true },
      );
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    return stored;
  }

  /** The sealed contents of those that are there, by what they are found by. */
  async find(tenantId: string, stored: readonly string[]): Promise<Map<string, string>> {
    const ids = stored.map((one) => rowId(tenantId, one));
    const rows = await this.rows.find({ _id: { $in: ids } }).toArray();
    return new Map(rows.map(({ _id, sealed }) => [_id.slice(tenantId.length + 1), sealed]));
  }

  /** They go when what they belong to goes. */
  async keepUntil(
    tenantId: string,
    owner: { id: string; requestHash: string },
    purgeAt: Date,
  ): Promise<void> {
    await this.rows.updateMany({ _id: idsOf(rowId(tenantId, ownerOf(owner))) }, { $set: { purgeAt } });
  }
}

function ownerOf({ id, requestHash }: { id: string; requestHash: string }): string {
  return `${id}/${requestHash}`;
}
