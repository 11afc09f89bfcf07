import type { mongo } from 'mongoose';
import { failedDeliveryStatuses } from '../contracts/redelivery.js';
import type { RedriveCounts, RedriveFilter } from '../contracts/redrives.js';
import { finalDeliveryStatuses, type DeliveryStatus } from '../contracts/statuses.js';
import { between } from './between.js';
import { after, type Position } from './cursor.js';
import type { Deliveries } from './deliveries.js';
import {
  COUNTS_OF_REDRIVE,
  NEXT_OF_REDRIVE,
  type DeliveryRow,
  type RedriveState,
} from './delivery-schema.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** Deliveries whose notifications are not known to be of another priority. */
const NORMAL = 3;

/** How a redrive's deliveries stand. */
export interface RedriveTally extends RedriveCounts {
  /** Of those that were started: told and not opened yet, or open. */
  underWay: number;
  sent: number;
  failed: number;
  /** Skipped, cancelled or expired when they were to be sent. */
  notSent: number;
}

/** The delivery log, as redrives mark it: each delivery stands in one redrive at most. */
export class DeliveryRedrives {
  private readonly rows: Rows<DeliveryRow>;

  constructor(deliveries: Deliveries) {
    this.rows = rowsOf(deliveries.model);
  }

  /** How many failed deliveries match, but for those that wait in one of these redrives. */
  async count(tenantId: string, filter: RedriveFilter, others: readonly string[]): Promise<number> {
    return this.rows.countDocuments(matching(tenantId, filter, others), { hint: indexFor(filter) });
  }

  /**
   * Marks up to `limit` of the matching deliveries after a position, newest first, as queued in a redrive. Answers the
   * last one's position, undefined when there is none after it.
   */
  async queue(
    place: { tenantId: string; redriveId: string },
    filter: RedriveFilter,
    others: readonly string[],
    { position, limit }: { position: Position | undefined; limit: number },
  ): Promise<Position | undefined> {
    const { tenantId, redriveId } = place;
    const match = matching(tenantId, filter, others);
    const found = await this.rows
      .find({ $and: [match, after('createdAt', position)] }, { projection: { createdAt: 1 } })
      .hint(indexFor(filter))
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .toArray();
    await this.rows.updateMany(
      { _id: { $in: found.map(({ _id }) => _id) }, 'redrive.id': { $ne: redriveId }, ...match },
      [
        {
          $set: { redrive: { id: redriveId, state: 'queued', rank: { $ifNull: ['$priorityKey', NORMAL] } } },
        },
      ],
    );
    const last = found.at(-1);
    return last && found.length === limit ? { at: last.createdAt, id: last._id } : undefined;
  }

  /** The next ones to start, the most urgent first. */
  async next(tenantId: string, redriveId: string, limit: number): Promise<DeliveryRow[]> {
    return this.rows
      .find({ tenantId, 'redrive.id': redriveId, 'redrive.state': 'queued' })
      .hint(NEXT_OF_REDRIVE)
      .sort({ 'redrive.rank': 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** Their runs were told. One that has opened its delivery already stays so. */
  async markStarted(tenantId: string, redriveId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.rows.updateMany(
      {
        _id: { $in: ids.map((id) => rowId(tenantId, id)) },
        'redrive.id': redriveId,
        'redrive.state': 'queued',
      },
      { $set: { 'redrive.state': 'started' } },
    );
  }

  /** It is not tried again. */
  async markSkipped(tenantId: string, redriveId: string, id: string): Promise<void> {
    await this.rows.updateOne(
      {
        _id: rowId(tenantId, id),
        'redrive.id': redriveId,
        'redrive.state': { $in: ['queued', 'started'] satisfies RedriveState[] },
      },
      { $set: { 'redrive.state': 'skipped' } },
    );
  }

  /** None of those that wait is tried again. */
  async skipQueued(tenantId: string, redriveId: string): Promise<void> {
    await this.rows.updateMany(
      { tenantId, 'redrive.id': redriveId, 'redrive.state': 'queued' },
      { $set: { 'redrive.state': 'skipped' } },
      { hint: NEXT_OF_REDRIVE },
    );
  }

  /** As it is now, from the index alone. */
  async tally(tenantId: string, redriveId: string): Promise<RedriveTally> {
    const groups = await this.rows
      .aggregate<{ _id: { state: RedriveState; status: DeliveryStatus }; count: number }>(
        [
          { $match: { tenantId, 'redrive.id': redriveId } },
          { $group: { _id: { state: '$redrive.state', status: '$status' }, count: { $sum: 1 } } },
        ],
        { hint: COUNTS_OF_REDRIVE },
      )
      .toArray();
    const sum = (of: (state: RedriveState, status: DeliveryStatus) => boolean) =>
      groups.reduce((all, { _id, count }) => all + (of(_id.state, _id.status) ? count : 0), 0);
    const opened = (...statuses: DeliveryStatus[]) =>
      sum((state, status) => state === 'opened' && statuses.includes(status));
    return {
      matched: sum(() => true),
      queued: sum((state) => state === 'queued'),
      started: sum((state) => state === 'started' || state === 'opened'),
      skipped: sum((state) => state === 'skipped'),
      underWay: sum(
        (state, status) =>
          state === 'started' || (state === 'opened' && !finalDeliveryStatuses.includes(status)),
      ),
      sent: opened('sent', 'delivered'),
      failed: opened(...failedDeliveryStatuses),
      notSent: opened('skipped', 'cancelled', 'expired'),
    };
  }
}

/** Failed ones that were sent somewhere, as the filter says, and that wait in none of the other redrives. */
function matching(
  tenantId: string,
  filter: RedriveFilter,
  others: readonly string[],
): mongo.Filter<DeliveryRow> {
  const { channel, provider, failureReason, type, recipient } = filter;
  const instant = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  return {
    tenantId,
    status: { $in: [...failedDeliveryStatuses] },
    channel: channel ?? { $ne: 'in_app' },
    ...(provider === undefined ? {} : { provider }),
    ...(failureReason === undefined ? {} : { failureReason }),
    ...(type === undefined ? {} : { type }),
    ...(recipient === undefined ? {} : { recipientId: recipient }),
    ...between('createdAt', instant(filter.from), instant(filter.to)),
    ...(others.length === 0
      ? {}
      : {
          $nor: [
            {
              'redrive.id': { $in: [...others] },
              'redrive.state': { $in: ['queued', 'started'] satisfies RedriveState[] },
            },
          ],
        }),
  };
}

/** Few deliveries have failed, or are one person's: the rest of the filter is asked of those. */
function indexFor(filter: RedriveFilter): mongo.Document {
  const order = { createdAt: -1, _id: -1 };
  if (filter.recipient !== undefined) return { tenantId: 1, recipientId: 1, ...order };
  return { tenantId: 1, status: 1, ...order };
}
