import { Schema, type Connection, type Model } from 'mongoose';
import type { FailureReason } from '../contracts/errors.js';
import { providerName, type ProviderPlace } from '../contracts/provider-run.js';
import { idsOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** `failing`: some deliveries found it down. `down`: so many did that it is left alone. `draining`: it answers again. */
export type ProviderState = 'failing' | 'down' | 'draining';

export interface ProviderHealthRow {
  /** Tenant and `channel/provider`. A provider that is well has no row. */
  _id: string;
  tenantId: string;
  provider: string;
  state: ProviderState;
  /** IDs of the deliveries that found it down since it last worked, each once. */
  failing: string[];
  /** When the first of them did. */
  failingSince: Date;
  downSince?: Date;
  /** Of the latest delivery, or look, that found it down. */
  failureReason: FailureReason;
  /** Capped, without addresses. */
  providerResponse?: string;
  failedAt: Date;
  /** When it was last looked after: found down, probed, or drained. */
  watchedAt: Date;
}

const schema = new Schema<ProviderHealthRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    provider: { type: String, required: true },
    state: { type: String, required: true },
    failing: [String],
    failingSince: { type: Date, required: true },
    downSince: Date,
    failureReason: { type: String, required: true },
    providerResponse: String,
    failedAt: { type: Date, required: true },
    watchedAt: { type: Date, required: true },
  },
  { collection: 'providerHealth', versionKey: false },
);

/** How many different deliveries must find a provider down, one after the other and within this time, for it to count. */
export const DOWN_AFTER = { deliveries: 5, withinMs: 300_000 } as const;

const keyOf = (place: ProviderPlace) => rowId(place.tenantId, providerName(place));

/**
 * Which providers are in trouble, for whom: the breakers, shared by all workers. It is about whether a provider can be
 * reached and used; that it refuses a message is no trouble of its own.
 */
export class ProviderHealth {
  private readonly rows: Rows<ProviderHealthRow>;

  constructor(connection: Connection) {
    const model: Model<ProviderHealthRow> = connection.model<ProviderHealthRow>('ProviderHealth', schema);
    this.rows = rowsOf(model);
  }

  /** All of a tenant's providers that are in trouble; none, as a rule. */
  troubled(tenantId: string): Promise<ProviderHealthRow[]> {
    return this.rows.find({ _id: idsOf(tenantId) }).toArray();
  }

  async find(place: ProviderPlace): Promise<ProviderHealthRow | undefined> {
    return (await this.rows.findOne({ _id: keyOf(place) })) ?? undefined;
  }

  /**
   * A delivery found it down. Answers what that makes of it: down once {@link DOWN_AFTER} is reached, and at once where
   * it had just begun to answer again.
   */
  async foundDown(
    place: ProviderPlace,
    failure: { deliveryId: string; reason: FailureReason; response?: string | undefined },
  ): Promise<ProviderHealthRow> {
    const stale = { $lt: ['$failingSince', { $subtract: ['$$NOW', DOWN_AFTER.withinMs] }] };
    const begins = {
      $or: [{ $eq: [{ $type: '$state' }, 'missing'] }, { $and: [isState('failing'), stale] }],
    };
    const delivery = { $literal: failure.deliveryId };
    const enough = { $gte: [{ $size: '$failing' }, DOWN_AFTER.deliveries] };
    const row = await this.rows.findOneAndUpdate(
      { _id: keyOf(place) },
      [
        {
          $set: {
            tenantId: { $literal: place.tenantId },
            provider: { $literal: providerName(place) },
            failureReason: failure.reason,
            providerResponse: responseOf(failure.response),
            failedAt: '$$NOW',
            failingSince: { $cond: [begins, '$$NOW', '$failingSince'] },
            failing: {
              $switch: {
                branches: [
                  { case: begins, then: [delivery] },
                  { case: isState('failing'), then: { $setUnion: ['$failing', [delivery]] } },
                ],
                default: '$failing',
              },
            },
          },
        },
        { $set: { wasDown: isState('down') } },
        {
          $set: {
            state: { $cond: [{ $or: [isState('down'), isState('draining'), enough] }, 'down', 'failing'] },
          },
        },
        {
          $set: {
            downSince: {
              $cond: [isState('down'), { $ifNull: ['$downSince', '$$NOW'] }, '$$REMOVE'],
            },
            watchedAt: { $cond: ['$wasDown', '$watchedAt', '$$NOW'] },
          },
        },
        { $unset: 'wasDown' },
      ],
      { upsert: true, returnDocument: 'after' },
    );
    if (!row) throw new Error('an upsert answered nothing');
    return row;
  }

  /** It worked: whatever few deliveries found it down before, it is well. Not for one that is down or drained. */
  async worked(place: ProviderPlace): Promise<void> {
    await this.rows.deleteOne({ _id: keyOf(place), state: 'failing' });
  }

  /** Somebody is about to look after it: true for one caller, once it has not been looked after for this long. */
  async claimWatch(place: ProviderPlace, unwatchedMs: number): Promise<boolean> {
    const { modifiedCount } = await this.rows.updateOne(
      {
        _id: keyOf(place),
        state: { $ne: 'failing' },
        $expr: { $lte: ['$watchedAt', { $subtract: ['$$NOW', unwatchedMs] }] },
      },
      [{ $set: { watchedAt: '$$NOW' } }],
    );
    return modifiedCount === 1;
  }

  /** A look at it was in vain. */
  async stillDown(
    place: ProviderPlace,
    failure: { reason: FailureReason; response?: string | undefined },
  ): Promise<void> {
    await this.rows.updateOne({ _id: keyOf(place), state: 'down' }, [
      {
        $set: {
          watchedAt: '$$NOW',
          failedAt: '$$NOW',
          failureReason: failure.reason,
          providerResponse: responseOf(failure.response),
        },
      },
    ]);
  }

  /** It is being looked after. */
  async watched(place: ProviderPlace): Promise<void> {
    await this.rows.updateOne({ _id: keyOf(place) }, [{ $set: { watchedAt: '$$NOW' } }]);
  }

  /** It answers: what comes new goes out again, and what waits is let go bit by bit. */
  async beginDraining(place: ProviderPlace): Promise<void> {
    await this.rows.updateOne({ _id: keyOf(place), state: 'down' }, [
      { $set: { state: 'draining', watchedAt: '$$NOW' } },
    ]);
  }

  /** True when it is well now; false when it was found down again meanwhile. */
  async endDraining(place: ProviderPlace): Promise<boolean> {
    await this.rows.deleteOne({ _id: keyOf(place), state: { $ne: 'down' } });
    return (await this.find(place)) === undefined;
  }
}

/** In a pipeline, where a text may look like an expression. */
function responseOf(response: string | undefined) {
  return response === undefined ? '$$REMOVE' : { $literal: response };
}

function isState(state: ProviderState) {
  return { $eq: ['$state', state] };
}
