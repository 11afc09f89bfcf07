import { Schema, type Connection } from 'mongoose';
import { rowsOf, type Rows } from './rows.js';

/** How far one tenant's changes have been counted. */
export interface RollupMark {
  /** The tenant's ID. */
  _id: string;
  /** Changes before this have been noticed. */
  noticedUpTo: Date;
  /** Reads of the inbox before this have been noticed. */
  readUpTo: Date;
  /** Changes before this are in the figures. */
  countedUpTo: Date;
}

const schema = new Schema<RollupMark>(
  { _id: String, noticedUpTo: Date, readUpTo: Date, countedUpTo: Date },
  { collection: 'rollupMarks', versionKey: false },
);

/** One row a tenant. */
export class RollupMarks {
  private readonly rows: Rows<RollupMark>;

  constructor(connection: Connection) {
    this.rows = rowsOf(connection.model<RollupMark>('RollupMark', schema));
  }

  async find(tenantId: string): Promise<RollupMark | undefined> {
    return (await this.rows.findOne({ _id: tenantId })) ?? undefined;
  }

  /** Of many tenants; one that was never counted is not in it. */
  async findMany(tenantIds: readonly string[]): Promise<Map<string, RollupMark>> {
    const marks = await this.rows.find({ _id: { $in: [...tenantIds] } }).toArray();
    return new Map(marks.map((mark) => [mark._id, mark]));
  }

  /** Moves what is named forward, never back. */
  async advance(tenantId: string, to: Partial<Omit<RollupMark, '_id'>>): Promise<void> {
    await this.rows.updateOne({ _id: tenantId }, { $max: to }, { upsert: true });
  }
}
