import type { Deliveries } from './deliveries.js';
import { CHANGED, type DeliveryRow } from './delivery-schema.js';
import { rowId } from './row-id.js';
import { sentDeliveryStatuses } from './rollup-count.js';
import { SLOT_MS } from './rollup-slots.js';
import { rowsOf, type Rows } from './rows.js';

/** Somebody opened, clicked or replied to what they were sent. */
export type Answered = Pick<
  DeliveryRow,
  'id' | 'recipientId' | 'channel' | 'openedAt' | 'clickedAt' | 'repliedAt'
>;

/** The delivery log, by what changed in it when. */
export class DeliveryChanges {
  private readonly rows: Rows<DeliveryRow>;

  constructor(deliveries: Deliveries) {
    this.rows = rowsOf(deliveries.model);
  }

  /** When the first change happened from `from` on; undefined for none. Answered from the index. */
  async firstFrom(tenantId: string, from: Date): Promise<Date | undefined> {
    const [first] = await this.rows
      .find({ tenantId, updatedAt: { $gte: from } }, { projection: { _id: 0, updatedAt: 1 } })
      .hint(CHANGED)
      .sort({ updatedAt: 1 })
      .limit(1)
      .toArray();
    return first?.updatedAt;
  }

  /** Slots (beginnings, ms) of the deliveries that changed from `from` to before `to`. Answered from the index. */
  async slotsBetween(tenantId: string, from: Date, to: Date): Promise<number[]> {
    const slots = await this.rows
      .aggregate<{ _id: number }>(
        [
          { $match: { tenantId, updatedAt: { $gte: from, $lt: to } } },
          { $group: { _id: { $floor: { $divide: [{ $toLong: '$createdAt' }, SLOT_MS] } } } },
        ],
        { hint: CHANGED },
      )
      .toArray();
    return slots.map(({ _id }) => _id * SLOT_MS);
  }

  /** Of those, what was opened, clicked or replied to since `since`. Only rows that were are looked at. */
  async answeredBetween(tenantId: string, from: Date, to: Date, since: Date): Promise<Answered[]> {
    const changed = { tenantId, updatedAt: { $gte: from, $lt: to } };
    // One after the other: an `$or` of them would be asked of rows, not of the index.
    const found = new Map<string, Answered>();
    for (const kind of ['openedAt', 'clickedAt', 'repliedAt'] as const) {
      const cursor = this.rows
        .find(
          { ...changed, [kind]: { $gte: since } },
          { projection: { id: 1, recipientId: 1, channel: 1, openedAt: 1, clickedAt: 1, repliedAt: 1 } },
        )
        .hint(CHANGED);
      for await (const row of cursor) found.set(row.id, row);
    }
    return [...found.values()];
  }

  /** What a person has read in the inbox is opened since then. Harmless when repeated. */
  async markRead(tenantId: string, reads: readonly { deliveryId: string; at: Date }[]): Promise<void> {
    if (reads.length === 0) return;
    const updatedAt = new Date();
    await this.rows.bulkWrite(
      reads.map(({ deliveryId, at }) => ({
        updateOne: {
          filter: {
            _id: rowId(tenantId, deliveryId),
            status: { $in: [...sentDeliveryStatuses] },
            openedAt: { $exists: false },
          },
          update: { $set: { openedAt: at, updatedAt } },
        },
      })),
      { ordered: false },
    );
  }
}
