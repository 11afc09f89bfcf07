import { Schema, type Connection, type Model } from 'mongoose';
import type { OutboundEvent, OutboundEventType } from '../contracts/outbound-events.js';
import { type Position } from './cursor.js';
import { newestPage } from './newest-page.js';
import { duplicatesOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** An event that a tenant's endpoints are told of, or can be told of again. */
export interface OutboundEventRow {
  _id: string;
  tenantId: string;
  id: string;
  type: OutboundEventType;
  at: Date;
  sequence: number;
  /** The ID of the notification, the delivery or the provider that it is about. */
  subject: string;
  /** Whose it is; absent where it is nobody's. */
  recipientId?: string;
  /** JSON of the event's `data`. */
  data: string;
  /** Endpoints (`tenant/id`) whose first attempt was not made yet. */
  pending: string[];
  purgeAt: Date;
}

const schema = new Schema<OutboundEventRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    type: { type: String, required: true },
    at: { type: Date, required: true },
    sequence: { type: Number, required: true },
    subject: { type: String, required: true },
    recipientId: String,
    data: { type: String, required: true },
    pending: [String],
    purgeAt: { type: Date, required: true },
  },
  { collection: 'outboundEvents', versionKey: false },
);
const PENDING = 'pending';
const isPending = { 'pending.0': { $exists: true } } as const;
// Serves list, and the pages of a replay.
schema.index({ tenantId: 1, at: 1, _id: 1 });
// Serves latestOf; the events of a notification.
schema.index({ tenantId: 1, subject: 1, sequence: 1 });
// A person's, for their erasure.
schema.index(
  { tenantId: 1, recipientId: 1 },
  { partialFilterExpression: { recipientId: { $exists: true } } },
);
// Serves pendingOf and endpointsWithPending. Of all tenants: one process makes the first attempts.
schema.index({ pending: 1, at: 1, _id: 1 }, { name: PENDING, partialFilterExpression: isPending });
// Retention.
schema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

export interface OutboundEventFilter {
  type?: OutboundEventType;
  subject?: string;
  from?: Date;
  to?: Date;
  limit: number;
  cursor?: string;
}

/** Events of tenants with webhook endpoints, for so long as they can be sent again. */
export class OutboundEvents {
  private readonly rows: Rows<OutboundEventRow>;

  constructor(connection: Connection) {
    const model: Model<OutboundEventRow> = connection.model<OutboundEventRow>('OutboundEvent', schema);
    this.rows = rowsOf(model);
  }

  /** Stores those that are not there yet; answers them. The others were stored by an earlier reading. */
  async insert(events: readonly OutboundEventRow[]): Promise<OutboundEventRow[]> {
    if (events.length === 0) return [];
    try {
      await this.rows.insertMany([...events], { ordered: false });
      return [...events];
    } catch (error) {
      const duplicates = duplicatesOf(error);
      if (!duplicates) throw error;
      const known = new Set(duplicates);
      return events.filter((_, index) => !known.has(index));
    }
  }

  async find(tenantId: string, id: string): Promise<OutboundEventRow | undefined> {
    return (await this.rows.findOne({ _id: rowId(tenantId, id) })) ?? undefined;
  }

  /** Newest first. */
  async list<Item>(tenantId: string, filter: OutboundEventFilter, show: (row: OutboundEventRow) => Item) {
    const { type, subject } = filter;
    return newestPage(this.rows, 'at', { tenantId, type, subject }, filter, show);
  }

  /** A period's events of these types, the oldest first, from behind a position on. */
  async ofPeriod(
    tenantId: string,
    period: { from: Date; to: Date; types: readonly string[] },
    position: Position | undefined,
    limit: number,
  ): Promise<OutboundEventRow[]> {
    const behind = position
      ? { at: { $gte: position.at }, $or: [{ at: { $gt: position.at } }, { _id: { $gt: position.id } }] }
      : {};
    return this.rows
      .find({ $and: [{ ...inPeriod(tenantId, period) }, behind] })
      .sort({ at: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  countOfPeriod(
    tenantId: string,
    period: { from: Date; to: Date; types: readonly string[] },
  ): Promise<number> {
    return this.rows.countDocuments(inPeriod(tenantId, period));
  }

  /** Each subject's latest status event that was stored, by the subject. */
  async latestOf(
    tenantId: string,
    subjects: readonly string[],
    types: readonly string[],
  ): Promise<Map<string, string>> {
    const groups = await this.rows
      .aggregate<{ _id: string; type: string }>([
        { $match: { tenantId, subject: { $in: subjects }, type: { $in: types } } },
        { $sort: { tenantId: 1, subject: 1, sequence: 1 } },
        { $group: { _id: '$subject', type: { $last: '$type' } } },
      ])
      .toArray();
    return new Map(groups.map(({ _id, type }) => [_id, type]));
  }

  /** Endpoints (`tenant/id`) that something waits for. */
  async endpointsWithPending(): Promise<string[]> {
    const groups = await this.rows
      .aggregate<{ _id: string }>(
        [{ $match: isPending }, { $unwind: '$pending' }, { $group: { _id: '$pending' } }],
        { hint: PENDING },
      )
      .toArray();
    return groups.map(({ _id }) => _id);
  }

  /** What waits for an endpoint, the oldest first. */
  pendingOf(endpoint: string, limit: number): Promise<OutboundEventRow[]> {
    return this.rows
      .find({ pending: endpoint, ...isPending })
      .hint(PENDING)
      .sort({ at: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** First attempts were made, or their runs have them now. */
  async settle(settled: readonly { _id: string; endpoint: string }[]): Promise<void> {
    if (settled.length === 0) return;
    await this.rows.bulkWrite(
      settled.map(({ _id, endpoint }) => ({
        updateOne: { filter: { _id }, update: { $pull: { pending: endpoint } } },
      })),
      { ordered: false },
    );
  }

  /** Removes what tells of a person; answers how many events that were. */
  async removeOf(tenantId: string, recipientId: string): Promise<number> {
    return (await this.rows.deleteMany({ tenantId, recipientId })).deletedCount;
  }

  /** Nothing waits for the endpoint any more: it is disabled, or gone. */
  async dropPending(endpoint: string): Promise<void> {
    await this.rows.updateMany(
      { pending: endpoint, ...isPending },
      { $pull: { pending: endpoint } },
      { hint: PENDING },
    );
  }
}

/** An event as it leaves. */
export function eventOf({
  id,
  type,
  at,
  tenantId,
  sequence,
  data,
}: Omit<OutboundEventRow, 'pending' | 'purgeAt'>): OutboundEvent {
  return {
    id,
    type,
    at: at.toISOString(),
    tenantId,
    sequence,
    data: JSON.parse(data) as OutboundEvent['data'],
  };
}

function inPeriod(tenantId: string, { from, to, types }: { from: Date; to: Date; types: readonly string[] }) {
  return { tenantId, at: { $gte: from, $lt: to }, type: { $in: [...types] as OutboundEventType[] } };
}
