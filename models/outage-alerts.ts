import { Schema, type Connection, type Model } from 'mongoose';
import type { FailureReason } from '../contracts/errors.js';
import type { ChannelName } from '../contracts/channels.js';
import { providerName, type ProviderPlace } from '../contracts/provider-run.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

const DAY_MS = 86_400_000;

/** What administrators are told of a provider's outage, once in a window that begins with the first of it. */
export interface OutageAlertRow {
  _id: string;
  tenantId: string;
  channel: ChannelName;
  provider: string;
  /** When the window began. */
  since: Date;
  windowMs: number;
  /** What is told, or was told last: that it is down, or that it works again. */
  state: 'down' | 'up';
  /** Nobody has been told of `state`. */
  due: boolean;
  downSince: Date;
  /** Deliveries that waited for it at the last look. */
  waiting: number;
  failureReason: FailureReason;
  purgeAt: Date;
}

const schema = new Schema<OutageAlertRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    channel: { type: String, required: true },
    provider: { type: String, required: true },
    since: { type: Date, required: true },
    windowMs: { type: Number, required: true },
    state: { type: String, required: true },
    due: { type: Boolean, required: true },
    downSince: { type: Date, required: true },
    waiting: { type: Number, required: true },
    failureReason: { type: String, required: true },
    purgeAt: { type: Date, required: true },
  },
  { collection: 'outageAlerts', versionKey: false },
);
const DUE = 'due';
// Serves due. Of all tenants: it is a worker that looks.
schema.index({ due: 1, _id: 1 }, { partialFilterExpression: { due: true }, name: DUE });
// Long past its window.
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

const keyOf = (place: ProviderPlace) => rowId(place.tenantId, providerName(place));

/** What administrators are still to be told of providers that are down, or work again. */
export class OutageAlerts {
  private readonly rows: Rows<OutageAlertRow>;

  constructor(connection: Connection) {
    const model: Model<OutageAlertRow> = connection.model<OutageAlertRow>('OutageAlert', schema);
    this.rows = rowsOf(model);
  }

  /**
   * It is down, as of a look at it: due where nobody was told in this window. A new window begins with it where the last
   * one is over, so an outage that goes on is told of again.
   */
  async foundDown(
    { tenantId, channel, provider }: ProviderPlace,
    seen: Pick<OutageAlertRow, 'downSince' | 'waiting' | 'failureReason'>,
    windowMs: number,
  ): Promise<OutageAlertRow> {
    const isNew = {
      $and: [
        { $ne: ['$due', true] },
        { $lt: [{ $ifNull: ['$since', new Date(0)] }, { $subtract: ['$$NOW', windowMs] }] },
      ],
    };
    const row = await this.rows.findOneAndUpdate(
      { _id: keyOf({ tenantId, channel, provider }) },
      [
        { $set: { isNew } },
        {
          $set: {
            tenantId: { $literal: tenantId },
            channel,
            provider: { $literal: provider },
            ...seen,
            windowMs,
            since: { $cond: ['$isNew', '$$NOW', '$since'] },
            // What was to be told of its working is over.
            state: { $cond: [{ $or: ['$isNew', '$due'] }, 'down', '$state'] },
            due: { $or: ['$isNew', '$due'] },
            purgeAt: { $add: ['$$NOW', windowMs + DAY_MS] },
          },
        },
        { $unset: 'isNew' },
      ],
      { upsert: true, returnDocument: 'after' },
    );
    if (!row) throw new Error('an upsert answered nothing');
    return row;
  }

  /** It works again: due where an outage was told of, or was to be. Undefined where there is nothing to tell. */
  async worksAgain(place: ProviderPlace): Promise<OutageAlertRow | undefined> {
    await this.rows.updateOne({ _id: keyOf(place), state: 'down' }, { $set: { state: 'up', due: true } });
    return (await this.rows.findOne({ _id: keyOf(place), due: true })) ?? undefined;
  }

  /** What administrators are still to be told, of all tenants. */
  async due(limit: number): Promise<OutageAlertRow[]> {
    return this.rows.find({ due: true }).hint(DUE).sort({ due: 1, _id: 1 }).limit(limit).toArray();
  }

  /** They were told of this state in this window. */
  async markTold({ _id, since, state }: Pick<OutageAlertRow, '_id' | 'since' | 'state'>): Promise<void> {
    await this.rows.updateOne({ _id, since, state }, { $set: { due: false } });
  }
}
