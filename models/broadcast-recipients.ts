import { Schema, type Connection, type Model } from 'mongoose';
import { idsOf, rowId } from './row-id.js';
import { rowsOf } from './rows.js';

/** One of a broadcast's own list. */
export interface ListedRow {
  _id: string;
  tenantId: string;
  broadcastId: string;
  recipientId: string;
  /** JSON of the recipient as given, where more than an ID was, and of data for this one; sealed. */
  sealed?: string;
  addedAt: Date;
}

const schema = new Schema<ListedRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    broadcastId: { type: String, required: true },
    recipientId: { type: String, required: true },
    sealed: String,
    addedAt: { type: Date, required: true },
  },
  { collection: 'audiences', versionKey: false },
);
// A person's, for their erasure and export.
schema.index({ tenantId: 1, recipientId: 1 }, { name: 'of_person' });
// Retention, by housekeeping: a year after it was added, nobody reads it any more.
schema.index({ addedAt: 1 });

/**
 * The lists of broadcasts that bring their own recipients. The row's ID is made of broadcast and recipient, so one
 * person stands in a list once, and the primary index serves its pages.
 */
export class BroadcastRecipients {
  private readonly model: Model<ListedRow>;

  constructor(connection: Connection) {
    this.model = connection.model<ListedRow>('BroadcastRecipient', schema);
  }

  /** Adds to a list. Of the same recipient the last one counts. Answers how many were new. */
  async add(
    tenantId: string,
    broadcastId: string,
    members: readonly { recipientId: string; sealed?: string }[],
  ): Promise<number> {
    if (members.length === 0) return 0;
    const addedAt = new Date();
    const done = await rowsOf(this.model).bulkWrite(
      members.map(({ recipientId, sealed }) => ({
        updateOne: {
          filter: { _id: listedId(tenantId, broadcastId, recipientId) },
          update: {
            $set: {
              tenantId,
              broadcastId,
              recipientId,
              addedAt,
              ...(sealed === undefined ? {} : { sealed }),
            },
            ...(sealed === undefined ? { $unset: { sealed: 1 as const } } : {}),
          },
          upsert: true,
        },
      })),
    );
    return done.upsertedCount;
  }

  /** In byte order of the recipients' IDs. */
  async pageAfter(
    tenantId: string,
    broadcastId: string,
    afterId: string | undefined,
    limit: number,
  ): Promise<ListedRow[]> {
    return rowsOf(this.model)
      .find(range(tenantId, broadcastId, afterId))
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** How many there are, at most `limit`. */
  count(tenantId: string, broadcastId: string, limit: number): Promise<number> {
    return rowsOf(this.model).countDocuments(range(tenantId, broadcastId, undefined), { limit });
  }
}

function listedId(tenantId: string, broadcastId: string, recipientId: string): string {
  return rowId(rowId(tenantId, broadcastId), recipientId);
}

function range(tenantId: string, broadcastId: string, afterId: string | undefined) {
  return { _id: idsOf(rowId(tenantId, broadcastId), afterId) };
}
