import { finalDeliveryStatuses } from '../contracts/statuses.js';
import { counted } from './counted-attempts.js';
import type { Deliveries } from './deliveries.js';
import { PARKED, type Attempt, type DeliveryRow } from './delivery-schema.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** The delivery log, as deliveries wait in it for a provider (`email/smtp`) that is down. */
export class DeliveryParking {
  private readonly rows: Rows<DeliveryRow>;

  constructor(deliveries: Deliveries) {
    this.rows = rowsOf(deliveries.model);
  }

  /**
   * It waits for a provider that is down: attempts that found it so are not counted. Harmless when repeated.
   * @param ended the attempt that ends with this, where one was made.
   * @returns false when the delivery has ended.
   */
  async markParked(
    tenantId: string,
    id: string,
    parked: DeliveryRow['parked'],
    ended?: Attempt,
  ): Promise<boolean> {
    const isOwn = { $eq: ['$$this.at', ended?.at ?? null] };
    const isInVain = { $and: [{ $eq: ['$$this.outcome', 'failed'] }, '$$this.providerDown'] };
    const { matchedCount } = await this.rows.updateOne(
      { _id: rowId(tenantId, id), status: { $nin: finalDeliveryStatuses } },
      [
        {
          $set: {
            status: 'parked',
            parked: { $literal: parked },
            updatedAt: '$$NOW',
            attempts: {
              $map: {
                input: '$attempts',
                in: {
                  $cond: [
                    isOwn,
                    { $literal: { ...ended, parked: true } },
                    { $cond: [isInVain, { $mergeObjects: ['$$this', { parked: true }] }, '$$this'] },
                  ],
                },
              },
            },
            ...(ended?.failureReason === undefined ? {} : { failureReason: ended.failureReason }),
          },
        },
        { $set: { retryCount: { $size: { $filter: { input: '$attempts', cond: counted } } } } },
        { $unset: ['nextAttemptAt', 'turn'] },
      ],
    );
    return matchedCount === 1;
  }

  /** What waits for a provider and was not released yet: the most urgent first, among those the oldest. */
  parked(tenantId: string, provider: string, limit: number): Promise<DeliveryRow[]> {
    return this.rows
      .find(waitingFor(tenantId, provider))
      .hint(PARKED)
      .sort({ 'parked.priority': 1, createdAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  countParked(tenantId: string, provider: string): Promise<number> {
    return this.rows.countDocuments(waitingFor(tenantId, provider), { hint: PARKED });
  }

  /** How many wait for each of these providers, by its name; none where it is not in the answer. */
  async countsOf(tenantId: string, providers: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (providers.length === 0) return new Map();
    const counts = await this.rows
      .aggregate<{ _id: string; count: number }>(
        [
          { $match: waitingFor(tenantId, { $in: providers }) },
          { $group: { _id: '$parked.provider', count: { $sum: 1 } } },
        ],
        { hint: PARKED },
      )
      .toArray();
    return new Map(counts.map(({ _id, count }) => [_id, count]));
  }

  /** Its run was told that it need not wait any more. */
  async markReleased(tenantId: string, id: string): Promise<void> {
    await this.rows.updateOne(
      { _id: rowId(tenantId, id), 'parked.provider': { $exists: true } },
      { $set: { 'parked.released': true } },
    );
  }
}

function waitingFor(tenantId: string, provider: string | { $in: readonly string[] }) {
  return { tenantId, 'parked.provider': provider, 'parked.released': { $exists: false } };
}
