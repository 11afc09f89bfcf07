import { Schema, type Connection, type Model } from 'mongoose';
import { rowsOf, type Rows } from './rows.js';

/** What the daily housekeeping last did. */
export interface HousekeepingRun {
  /** Of Temporal: a repeated attempt goes on with the same. */
  runId: string;
  startedAt: Date;
  /** When it came to its end; absent while it goes on, or where it failed. */
  finishedAt?: Date;
  /** When one last came to its end, this one or one before it. */
  succeededAt?: Date;
  /** Rows removed by it, by collection. */
  removed: Record<string, number>;
  /** Of these, those that were written to a file before. */
  exported: Record<string, number>;
  /** Why it did not come to its end. */
  failure?: string;
}

type RunRow = HousekeepingRun & { _id: string };

const figures = { type: Map, of: Number, default: {} };
const schema = new Schema<RunRow>(
  {
    _id: String,
    runId: { type: String, required: true },
    startedAt: { type: Date, required: true },
    finishedAt: Date,
    succeededAt: Date,
    removed: figures,
    exported: figures,
    failure: String,
  },
  { collection: 'housekeeping', versionKey: false, minimize: false },
);

const DAILY = 'day';

/** The figures of the daily housekeeping: one row, of the run that began last. */
export class HousekeepingRuns {
  private readonly rows: Rows<RunRow>;

  constructor(connection: Connection) {
    const model: Model<RunRow> = connection.model<RunRow>('Housekeeping', schema);
    this.rows = rowsOf(model);
  }

  /** A run begins, or begins again: then its figures stay. */
  async begin(runId: string, now: Date): Promise<void> {
    const { matchedCount } = await this.rows.updateOne({ _id: DAILY, runId }, { $unset: { failure: 1 } });
    if (matchedCount > 0) return;
    await this.rows.updateOne(
      { _id: DAILY },
      {
        $set: { runId, startedAt: now, removed: {}, exported: {} },
        $unset: { finishedAt: 1, failure: 1 },
      },
      { upsert: true },
    );
  }

  async add(runId: string, collection: string, removed: number, exported: number): Promise<void> {
    await this.rows.updateOne(
      { _id: DAILY, runId },
      { $inc: { [`removed.${collection}`]: removed, [`exported.${collection}`]: exported } },
    );
  }

  async end(runId: string, now: Date): Promise<HousekeepingRun | undefined> {
    await this.rows.updateOne({ _id: DAILY, runId }, { $set: { finishedAt: now, succeededAt: now } });
    return this.latest();
  }

  async fail(runId: string, failure: string): Promise<void> {
    await this.rows.updateOne({ _id: DAILY, runId }, { $set: { failure } });
  }

  /** Undefined while none has begun. */
  async latest(): Promise<HousekeepingRun | undefined> {
    const row = await this.rows.findOne({ _id: DAILY }, { projection: { _id: 0 } });
    return row ?? undefined;
  }
}
