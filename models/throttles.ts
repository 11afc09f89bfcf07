import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

interface ThrottleRow {
  _id: string;
  tenantId: string;
  /** Notifications that were let through within the period. */
  ids: string[];
  /** Until when it holds. */
  until: Date;
}

const schema = new Schema<ThrottleRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    ids: { type: [String], required: true },
    until: { type: Date, required: true },
  },
  { collection: 'throttles', versionKey: false },
);
schema.index({ until: 1 }, { expireAfterSeconds: 3600 });

/**
 * What was let through within a period. By name, not by number: the same notification asked about again, after a crash
 * say, has its place already.
 */
export class Throttles {
  private readonly rows: Rows<ThrottleRow>;

  constructor(connection: Connection) {
    const model: Model<ThrottleRow> = connection.model<ThrottleRow>('Throttle', schema);
    this.rows = rowsOf(model);
  }

  /**
   * Takes one of the places of a period, unless they are taken by others. One atomic write.
   * @param key of what is counted, the period's start in it.
   */
  take(
    tenantId: string,
    key: string,
    notificationId: string,
    { max, until }: { max: number; until: Date },
  ): Promise<boolean> {
    return this.write(
      {
        _id: rowId(tenantId, key),
        $or: [{ ids: notificationId }, { [`ids.${max - 1}`]: { $exists: false } }],
      },
      { $addToSet: { ids: notificationId }, $setOnInsert: { tenantId, until } },
    );
  }

  /**
   * Takes the only place that a content has from now until then, unless another notification has it at this moment.
   * @param key of the content.
   */
  takeAlone(
    tenantId: string,
    key: string,
    notificationId: string,
    { now, until }: { now: Date; until: Date },
  ): Promise<boolean> {
    return this.write(
      { _id: rowId(tenantId, key), $or: [{ ids: notificationId }, { until: { $lte: now } }] },
      { $set: { tenantId, ids: [notificationId], until } },
    );
  }

  /** An upsert that finds its key taken has either lost a race for the first place, or there is no place. */
  private async write(
    filter: Parameters<Rows<ThrottleRow>['updateOne']>[0],
    update: Parameters<Rows<ThrottleRow>['updateOne']>[1],
  ): Promise<boolean> {
    try {
      await this.rows.updateOne(filter, update, { upsert: true });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    return (await this.rows.updateOne(filter, update)).matchedCount === 1;
  }
}
