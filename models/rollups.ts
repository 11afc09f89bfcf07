import type { ClientSession, Connection } from 'mongoose';
import type { Deliveries } from './deliveries.js';
import type { DeliveryRow } from './delivery-schema.js';
import { rowId } from './row-id.js';
import { countDeliveries, type CountedSlot } from './rollup-count.js';
import { changeDay, Differences } from './rollup-days.js';
import type { RollupKey } from './rollup-figures.js';
import {
  DAYS,
  daySchema,
  slotSchema,
  STALE,
  type DayKind,
  type DayRow,
  type SlotRow,
} from './rollup-schema.js';
import { dayOf, SLOT_MS } from './rollup-slots.js';
import { rowsOf, type Rows } from './rows.js';

const DAY_MS = 86_400_000;
/** Days that roll-ups are kept: longer than the deliveries that they count. */
export const ROLLUP_DAYS = 400;

/** What took this long (ms) to count is left alone for {@link PATIENCE} times as long, so that it never takes a worker up. */
const LONG_MS = 250;
const PATIENCE = 20;

/**
 * What was sent, failed, opened and clicked, counted by quarter of an hour and by day. A slot is always counted from
 * the deliveries themselves and replaces what was counted before; the day, which is the sum of its slots, changes by the
 * difference, in the same transaction.
 */
export class Rollups {
  private readonly slots: Rows<SlotRow>;
  private readonly days: Rows<DayRow>;
  private readonly deliveries: Rows<DeliveryRow>;

  constructor(
    private readonly connection: Connection,
    deliveries: Deliveries,
  ) {
    this.slots = rowsOf(connection.model<SlotRow>('RollupSlot', slotSchema));
    this.days = rowsOf(connection.model<DayRow>('Rollup', daySchema));
    this.deliveries = rowsOf(deliveries.model);
  }

  /** Something of these slots (beginnings, ms) has changed. Harmless when repeated. */
  async markStale(tenantId: string, slots: readonly number[], now: Date): Promise<void> {
    if (slots.length === 0) return;
    await this.slots.bulkWrite(
      slots.map((slotMs) => ({
        updateOne: {
          filter: { _id: slotId(tenantId, slotMs) },
          update: {
            $max: { staleAt: now },
            $setOnInsert: {
              tenantId,
              at: new Date(slotMs),
              cells: [],
              deliveries: 0,
              purgeAt: purgeOf(slotMs),
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  /** Slots (beginnings, ms) that are to be counted, the newest first. */
  async stale(tenantId: string, limit: number, now: Date): Promise<number[]> {
    const rows = await this.slots
      .find(
        {
          tenantId,
          staleAt: { $exists: true },
          $or: [{ notBefore: { $exists: false } }, { notBefore: { $lte: now } }],
        },
        { projection: { _id: 0, at: 1 } },
      )
      .hint(STALE)
      .sort({ at: -1 })
      .limit(limit)
      .toArray();
    return rows.map(({ at }) => at.getTime());
  }

  /** When the change was noticed that waits longest to be counted; undefined while none waits. */
  async staleSince(tenantId: string): Promise<Date | undefined> {
    const [first] = await this.slots
      .aggregate<{ since: Date }>(
        [
          { $match: { tenantId, staleAt: { $exists: true } } },
          { $group: { _id: null, since: { $min: '$staleAt' } } },
        ],
        { hint: STALE },
      )
      .toArray();
    return first?.since;
  }

  /**
   * Counts slots (beginnings, ms) of one day anew. What deliveries have been purged of stays as it was counted last, and
   * so does what somebody else began to count later.
   */
  async recount(tenantId: string, slots: readonly number[]): Promise<void> {
    const began = new Date();
    const stored = await this.slots
      .find(
        { _id: { $in: slots.map((slotMs) => slotId(tenantId, slotMs)) } },
        { projection: { at: 1, purgeFrom: 1 } },
      )
      .toArray();
    const frozen = stored.filter(({ purgeFrom }) => purgeFrom !== undefined && purgeFrom <= began);
    if (frozen.length > 0) {
      await this.slots.updateMany(
        { _id: { $in: frozen.map(({ _id }) => _id) } },
        { $unset: { staleAt: 1, notBefore: 1 } },
      );
    }
    const past = new Set(frozen.map(({ at }) => at.getTime()));
    const open = slots.filter((slotMs) => !past.has(slotMs));
    const rows: SlotRow[] = [];
    for (const { fromMs, toMs } of stretchesOf(open)) {
      const beganMs = Date.now();
      const counted = await countDeliveries(this.deliveries, tenantId, fromMs, toMs);
      const tookMs = ((Date.now() - beganMs) * SLOT_MS) / (toMs - fromMs);
      for (let slotMs = fromMs; slotMs < toMs; slotMs += SLOT_MS) {
        rows.push({
          _id: slotId(tenantId, slotMs),
          tenantId,
          at: new Date(slotMs),
          ...(counted.get(slotMs) ?? { cells: [], deliveries: 0 }),
          countedAt: began,
          ...(tookMs < LONG_MS ? {} : { notBefore: new Date(Date.now() + PATIENCE * tookMs) }),
          purgeAt: purgeOf(slotMs),
        });
      }
    }
    if (rows.length === 0) return;
    await this.connection.transaction((session) => this.replace(tenantId, began, rows, session));
  }

  /** Days of a snapshot, by kind: with what each slot adds to them only where that is asked for. */
  daysOf(
    tenantId: string,
    asked: {
      days: readonly number[];
      kind: DayKind;
      role: string | { $gt: string };
      cells: Partial<Omit<RollupKey, 'role'>>;
      withSeries: boolean;
    },
    session: ClientSession,
  ): Promise<DayRow[]> {
    const { kind, role, cells } = asked;
    const key = { channel: 1, type: 1, template: 1, role: 1 } as const;
    return this.days
      .find(
        { tenantId, kind, role, day: { $in: asked.days.map((ms) => new Date(ms)) }, ...cells },
        {
          session,
          hint: DAYS,
          batchSize: 10_000,
          projection: { _id: 0, day: 1, ...key, figures: 1, ...(asked.withSeries ? { series: 1 } : {}) },
        },
      )
      .toArray();
  }

  /** A snapshot's slots. */
  slotsOf(tenantId: string, slots: readonly number[], session: ClientSession): Promise<SlotRow[]> {
    if (slots.length === 0) return Promise.resolve([]);
    return this.slots
      .find({ _id: { $in: slots.map((slotMs) => slotId(tenantId, slotMs)) } }, { session })
      .toArray();
  }

  /** The last of these slots (its beginning, ms) in which more deliveries than this were counted; undefined for none. */
  async lastBusy(
    tenantId: string,
    fromMs: number,
    toMs: number,
    deliveries: number,
  ): Promise<number | undefined> {
    const ids: string[] = [];
    for (let slotMs = fromMs; slotMs < toMs; slotMs += SLOT_MS) ids.push(slotId(tenantId, slotMs));
    const busy = await this.slots
      .find({ _id: { $in: ids }, deliveries: { $gt: deliveries } }, { projection: { _id: 0, at: 1 } })
      .toArray();
    return busy.length === 0 ? undefined : Math.max(...busy.map(({ at }) => at.getTime()));
  }

  /** Deliveries as they are, by slot, with nothing stored. */
  countNow(tenantId: string, fromMs: number, toMs: number): Promise<Map<number, CountedSlot>> {
    return countDeliveries(this.deliveries, tenantId, fromMs, toMs);
  }

  /** One moment of the database for several reads. */
  async snapshot<T>(read: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = await this.connection.startSession({ snapshot: true });
    try {
      return await read(session);
    } finally {
      await session.endSession();
    }
  }

  private async replace(
    tenantId: string,
    began: Date,
    rows: readonly SlotRow[],
    session: ClientSession,
  ): Promise<void> {
    const stored = await this.slots.find({ _id: { $in: rows.map(({ _id }) => _id) } }, { session }).toArray();
    const before = new Map(stored.map((row) => [row._id, row]));
    const newer = rows.filter(({ _id }) => !((before.get(_id)?.countedAt ?? new Date(0)) >= began));
    if (newer.length === 0) return;
    await this.slots.bulkWrite(
      newer.map((row) => {
        const staleAt = before.get(row._id)?.staleAt;
        const replacement = staleAt !== undefined && staleAt > began ? { ...row, staleAt } : row;
        return { replaceOne: { filter: { _id: row._id }, replacement, upsert: true } };
      }),
      { session, ordered: false },
    );
    const differences = new Differences();
    for (const { _id, at, cells } of newer)
      differences.add(at.getTime(), before.get(_id)?.cells ?? [], cells);
    const day = dayOf(newer[0]?.at.getTime() ?? 0);
    const place = { tenantId, day: new Date(day), purgeAt: purgeOf(day) };
    await changeDay(this.days, place, differences, session);
  }
}

/** Slots that follow each other, as stretches of time. */
function stretchesOf(slots: readonly number[]): { fromMs: number; toMs: number }[] {
  const stretches: { fromMs: number; toMs: number }[] = [];
  for (const slotMs of [...new Set(slots)].sort((one, other) => one - other)) {
    const last = stretches.at(-1);
    if (last?.toMs === slotMs) last.toMs += SLOT_MS;
    else stretches.push({ fromMs: slotMs, toMs: slotMs + SLOT_MS });
  }
  return stretches;
}

function slotId(tenantId: string, slotMs: number): string {
  return rowId(tenantId, new Date(slotMs).toISOString());
}

function purgeOf(ms: number): Date {
  return new Date(ms + ROLLUP_DAYS * DAY_MS);
}
