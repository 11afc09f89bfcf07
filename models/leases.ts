import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** How far the holder of a lease has come with what it reads, so that the next one goes on there. */
export interface LeasePosition {
  /** JSON of what the source goes on from, e.g. the resume token of a change stream; absent before the first. */
  token?: string;
  /** Everything that happened before this was taken care of. */
  at: Date;
}

/** Work of the whole deployment, of all tenants, that one process at a time does. */
export interface LeaseRow {
  /** What is leased: `outbound/webhooks`. */
  _id: string;
  /** The process that has it. */
  holder: string;
  /** Anybody may take it after this. */
  expiresAt: Date;
  /** Counts the holders. */
  term: number;
  position?: LeasePosition;
}

const schema = new Schema<LeaseRow>(
  {
    _id: String,
    holder: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    term: { type: Number, required: true },
    position: { type: { _id: false, token: String, at: Date }, required: false },
  },
  { collection: 'leases', versionKey: false },
);

/** Leases: found by their names, a handful in all. The database's clock counts, never that of a process. */
export class Leases {
  private readonly rows: Rows<LeaseRow>;

  constructor(connection: Connection) {
    const model: Model<LeaseRow> = connection.model<LeaseRow>('Lease', schema);
    this.rows = rowsOf(model);
  }

  /** Takes a lease that is free, or whose term is over, for so long. Undefined while somebody else has it. */
  async acquire(name: string, holder: string, termMs: number): Promise<LeaseRow | undefined> {
    // Of a lease that nobody ever had, `expiresAt` is missing, which is less than any time.
    const isMine = { $or: [{ $eq: ['$holder', { $literal: holder }] }, { $lte: ['$expiresAt', '$$NOW'] }] };
    const isNew = { $and: [isMine, { $ne: ['$holder', { $literal: holder }] }] };
    const set = {
      term: { $add: [{ $ifNull: ['$term', 0] }, { $cond: [isNew, 1, 0] }] },
      holder: { $cond: [isMine, { $literal: holder }, '$holder'] },
      expiresAt: { $cond: [isMine, { $add: ['$$NOW', termMs] }, '$expiresAt'] },
    };
    try {
      const row = await this.rows.findOneAndUpdate({ _id: name }, [{ $set: set }], {
        upsert: true,
        returnDocument: 'after',
      });
      return row?.holder === holder ? row : undefined;
    } catch (error) {
      // Two were the first to ask.
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  /** Holds it for so long from now on. False when somebody else has it by now. */
  async renew(name: string, holder: string, termMs: number): Promise<boolean> {
    const done = await this.rows.updateOne({ _id: name, holder }, [
      { $set: { expiresAt: { $add: ['$$NOW', termMs] } } },
    ]);
    return done.matchedCount === 1;
  }

  /** Stores how far it is. False, and nothing stored, when somebody else has the lease by now. */
  async savePosition(name: string, holder: string, position: LeasePosition): Promise<boolean> {
    const done = await this.rows.updateOne({ _id: name, holder }, { $set: { position } });
    return done.matchedCount === 1;
  }

  /** Lets go of it, so that the next one need not wait for the end of its term. */
  async release(name: string, holder: string): Promise<void> {
    await this.rows.updateOne({ _id: name, holder }, { $set: { expiresAt: new Date(0), holder: '' } });
  }

  async find(name: string): Promise<LeaseRow | undefined> {
    return (await this.rows.findOne({ _id: name })) ?? undefined;
  }
}
