import type { ClientSession, Connection } from 'mongoose';
import type { Deliveries } from './deliveries.js';
import type { DeliveryRow } from './delivery-schema.js';
import { rowId } from './row-id.js';
import { countDeliveries, type CountedSlot } from './rollup-count.js';
import { keyText, Sum, type RollupKey } from './rollup-figures.js';
import {
  DAYS,
  daySchema,
  slotSchema,
  STALE,
  type Cell,
  type DayRow,
  type DaySeries,
  type SlotRow,
} from './rollup-schema.js';
import { dayOf, placeInDay, SLOT_MS, SLOTS_A_DAY } from './rollup-slots.js';
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
   * Counts a slot anew. What deliveries have been purged of stays as it was counted last, and so does what somebody
   * else began to count later. Answers whether anything was written.
   */
  async recount(tenantId: string, slotMs: number): Promise<boolean> {
    const beganMs = Date.now();
    const stored = await this.slots.findOne(
      { _id: slotId(tenantId, slotMs) },
      { projection: { purgeFrom: 1 } },
    );
    if (stored?.purgeFrom && stored.purgeFrom.getTime() <= beganMs) {
      await this.slots.updateOne({ _id: stored._id }, { $unset: { staleAt: 1, notBefore: 1 } });
      return false;
    }
    const counted = (await countDeliveries(this.deliveries, tenantId, slotMs, slotMs + SLOT_MS)).get(slotMs);
    const tookMs = Date.now() - beganMs;
    const row: SlotRow = {
      _id: slotId(tenantId, slotMs),
      tenantId,
      at: new Date(slotMs),
      ...(counted ?? { cells: [], deliveries: 0 }),
      countedAt: new Date(beganMs),
      ...(tookMs < LONG_MS ? {} : { notBefore: new Date(Date.now() + PATIENCE * tookMs) }),
      purgeAt: purgeOf(slotMs),
    };
    let written = false;
    await this.connection.transaction(async (session) => {
      written = await this.replace(row, session);
    });
    return written;
  }

  /** A snapshot's days of one key's role, or of all roles. */
  daysOf(
    tenantId: string,
    asked: {
      days: readonly number[];
      role: string | { $gt: string };
      cells: Partial<Omit<RollupKey, 'role'>>;
    },
    session: ClientSession,
  ): Promise<DayRow[]> {
    return this.days
      .find(
        {
          tenantId,
          role: asked.role,
          day: { $in: asked.days.map((ms) => new Date(ms)) },
          ...asked.cells,
        },
        {
          session,
          hint: DAYS,
          projection: {
            _id: 0,
            day: 1,
            channel: 1,
            type: 1,
            template: 1,
            role: 1,
            figures: 1,
            // What is grouped by role is summed up over the whole period only.
            ...(typeof asked.role === 'string' ? { series: 1 } : {}),
          },
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

  private async replace(row: SlotRow, session: ClientSession): Promise<boolean> {
    const before = await this.slots.findOne({ _id: row._id }, { session });
    const began = row.countedAt ?? new Date(0);
    if (before?.countedAt && before.countedAt >= began) return false;
    const staleAt = before?.staleAt !== undefined && before.staleAt > began ? before.staleAt : undefined;
    await this.slots.replaceOne({ _id: row._id }, staleAt === undefined ? row : { ...row, staleAt }, {
      session,
      upsert: true,
    });
    await this.changeDays(row, differences(before?.cells ?? [], row.cells), session);
    return true;
  }

  private async changeDays(slot: SlotRow, changes: readonly Change[], session: ClientSession): Promise<void> {
    if (changes.length === 0) return;
    const { tenantId, at } = slot;
    const day = new Date(dayOf(at.getTime()));
    const idOf = (key: RollupKey) => rowId(tenantId, `${day.toISOString().slice(0, 10)}/${keyText(key)}`);
    const known = await this.days
      .find({ _id: { $in: changes.map(({ key }) => idOf(key)) } }, { session })
      .toArray();
    const before = new Map(known.map((row) => [row._id, row]));
    const place = placeInDay(at.getTime());
    await this.days.bulkWrite(
      changes.map(({ key, sum }) => {
        const _id = idOf(key);
        const old = before.get(_id);
        const figures = new Sum().add(sum.toFigures());
        if (old) figures.add(old.figures);
        if (figures.isEmpty) return { deleteOne: { filter: { _id } } };
        const replacement: Omit<DayRow, '_id'> = {
          tenantId,
          day,
          ...key,
          figures: figures.toFigures(),
          series: changedSeries(old?.series, place, sum),
          purgeAt: purgeOf(day.getTime()),
        };
        return { replaceOne: { filter: { _id }, replacement, upsert: true } };
      }),
      { session, ordered: false },
    );
  }
}

/** What one key's figures differ by. */
interface Change {
  key: RollupKey;
  sum: Sum;
}

function differences(before: readonly Cell[], after: readonly Cell[]): Change[] {
  const changes = new Map<string, Change>();
  const take = (cells: readonly Cell[], times: 1 | -1) => {
    for (const { channel, type, template, role, ...figures } of cells) {
      const key = { channel, type, template, role };
      const change = changes.get(keyText(key)) ?? { key, sum: new Sum() };
      changes.set(keyText(key), change);
      change.sum.add(figures, times);
    }
  };
  take(after, 1);
  take(before, -1);
  return [...changes.values()].filter(({ sum }) => {
    const { latency, failures } = sum.toFigures();
    return !sum.isEmpty || latency.length > 0 || failures.length > 0;
  });
}

function changedSeries(series: DaySeries | undefined, place: number, by: Sum): DaySeries {
  const nothing = (): number[] => new Array<number>(SLOTS_A_DAY).fill(0);
  const changed = (name: keyof DaySeries) => {
    const values = series?.[name] ?? nothing();
    values[place] = (values[place] ?? 0) + by[name];
    return values;
  };
  return {
    sent: changed('sent'),
    failed: changed('failed'),
    opened: changed('opened'),
    latencyMs: changed('latencyMs'),
  };
}

function slotId(tenantId: string, slotMs: number): string {
  return rowId(tenantId, new Date(slotMs).toISOString());
}

function purgeOf(ms: number): Date {
  return new Date(ms + ROLLUP_DAYS * DAY_MS);
}
