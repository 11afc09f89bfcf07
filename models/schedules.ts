import { Schema, type Connection, type Model } from 'mongoose';
import { overlaps, type Overlap, type ScheduleCalendar } from '../contracts/schedules.js';
import { insertOnce, type InsertedOnce } from './insert-once.js';
import { newestPage, type Part } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf } from './rows.js';

/** One time at which it sent. */
export interface ScheduleRun {
  /** The schedule's time. */
  at: Date;
  startedAt: Date;
  notificationId?: string;
  broadcastId?: string;
}

/** When a schedule sends, as it was said. */
export type ScheduleTimes = { cron: string } | { calendar: ScheduleCalendar };

/** What is said of a schedule when it is made or changed. */
export interface ScheduleContent {
  name: string;
  /** JSON of {@link ScheduleTimes}. */
  times: string;
  timezone: string;
  jitterMs: number;
  startAt?: Date;
  endAt?: Date;
  overlap: Overlap;
  sends: 'trigger' | 'broadcast';
  type: string;
  /** JSON of what is sent; sealed, since it holds contents and perhaps addresses. */
  body: string;
}

export interface ScheduleRow extends ScheduleContent {
  _id: string;
  tenantId: string;
  id: string;
  /** Of the request that made it. */
  requestHash: string;
  /** Counts its changes. */
  revision: number;
  /** The latest ones. */
  runs: ScheduleRun[];
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
}

const schema = new Schema<ScheduleRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    name: { type: String, required: true },
    times: { type: String, required: true },
    timezone: { type: String, required: true },
    jitterMs: { type: Number, required: true },
    startAt: Date,
    endAt: Date,
    overlap: { type: String, enum: overlaps, required: true },
    sends: { type: String, enum: ['trigger', 'broadcast'], required: true },
    type: { type: String, required: true },
    body: { type: String, required: true },
    requestHash: { type: String, required: true },
    revision: { type: Number, required: true },
    runs: [{ _id: false, at: Date, startedAt: Date, notificationId: String, broadcastId: String }],
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'schedules', versionKey: false },
);
// Serves list.
schema.index({ tenantId: 1, createdAt: -1, _id: -1 });

const RUNS_KEPT = 10;

/** What is sent again and again. Temporal has the clock, and knows these rows by their ID only. */
export class Schedules {
  private readonly model: Model<ScheduleRow>;

  constructor(connection: Connection) {
    this.model = connection.model<ScheduleRow>('Schedule', schema);
  }

  /** Stores it, unless its ID is taken: then that one is answered. */
  insert(
    { tenantId, id }: { tenantId: string; id: string },
    content: ScheduleContent,
    made: { requestHash: string; by: string },
  ): Promise<InsertedOnce<ScheduleRow>> {
    const now = new Date();
    const row: ScheduleRow = {
      ...content,
      _id: rowId(tenantId, id),
      tenantId,
      id,
      requestHash: made.requestHash,
      revision: 1,
      runs: [],
      createdBy: made.by,
      createdAt: now,
      updatedAt: now,
    };
    return insertOnce(
      row,
      (whole) => this.model.create(whole),
      () => this.find(tenantId, id),
    );
  }

  /** Undefined where it was changed meanwhile, or is gone. */
  async replace(before: ScheduleRow, content: ScheduleContent): Promise<ScheduleRow | undefined> {
    const gone = (['startAt', 'endAt'] as const).filter((name) => content[name] === undefined);
    const row = await this.model
      .findOneAndUpdate(
        { _id: before._id, revision: before.revision },
        {
          $set: { ...content, updatedAt: new Date() },
          $unset: Object.fromEntries(gone.map((name) => [name, 1])),
          $inc: { revision: 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<ScheduleRow>()
      .exec();
    return row ?? undefined;
  }

  async find(tenantId: string, id: string): Promise<ScheduleRow | undefined> {
    const row = await this.model.findById(rowId(tenantId, id)).lean<ScheduleRow>().exec();
    return row ?? undefined;
  }

  /** Newest first. */
  async list(tenantId: string, part: Pick<Part, 'limit' | 'cursor'>) {
    return newestPage(rowsOf(this.model), 'createdAt', { tenantId }, part, (row) => row);
  }

  /** Harmless when repeated. */
  async markRun(tenantId: string, id: string, run: ScheduleRun): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), 'runs.at': { $ne: run.at } },
      { $push: { runs: { $each: [run], $slice: -RUNS_KEPT } } },
    );
  }

  async remove(tenantId: string, id: string): Promise<void> {
    await this.model.deleteOne({ _id: rowId(tenantId, id) });
  }
}
