import type { ClientSession } from 'mongoose';
import { rowId } from './row-id.js';
import { keyText, Sum, type RollupKey } from './rollup-figures.js';
import type { Cell, DayKind, DayRow, DaySeries } from './rollup-schema.js';
import { placeInDay, SLOTS_A_DAY } from './rollup-slots.js';
import type { Rows } from './rows.js';

/** Stands for every channel, type or template in the key of a day's sum. */
export const EVERY = '*';

/** What a key's figures change by: in all, and by slot. */
export interface Change {
  key: RollupKey;
  sum: Sum;
  bySlot: Map<number, Sum>;
}

/** What the cells of some slots differ by. */
export class Differences {
  private readonly changes = new Map<string, Change>();

  add(slotMs: number, before: readonly Cell[], after: readonly Cell[]): void {
    for (const cell of after) this.take(slotMs, cell, 1);
    for (const cell of before) this.take(slotMs, cell, -1);
  }

  private take(slotMs: number, { channel, type, template, role, ...figures }: Cell, times: 1 | -1): void {
    const key = { channel, type, template, role };
    const change: Change = this.changes.get(keyText(key)) ?? { key, sum: new Sum(), bySlot: new Map() };
    this.changes.set(keyText(key), change);
    change.sum.add(figures, times);
    const slot = change.bySlot.get(slotMs) ?? new Sum();
    change.bySlot.set(slotMs, slot.add(figures, times));
  }

  /** What changes of a day's rows, each kind's own. */
  get ofDays(): (Change & { kind: DayKind })[] {
    const all = new Map<string, Change & { kind: DayKind }>();
    for (const { key, bySlot, sum } of this.changes.values()) {
      if (sum.isNothing && [...bySlot.values()].every((slot) => slot.isNothing)) continue;
      for (const [kind, of] of kindsOf(key)) {
        const change: Change & { kind: DayKind } = all.get(keyText(of)) ?? {
          kind,
          key: of,
          sum: new Sum(),
          bySlot: new Map(),
        };
        all.set(keyText(of), change);
        change.sum.add(sum.toFigures());
        for (const [slotMs, slot] of bySlot) {
          change.bySlot.set(slotMs, (change.bySlot.get(slotMs) ?? new Sum()).add(slot.toFigures()));
        }
      }
    }
    return [...all.values()];
  }
}

/** A key, and what it is a part of. */
function kindsOf(key: RollupKey): [DayKind, RollupKey][] {
  const { channel, type, role } = key;
  const every = { channel: EVERY as RollupKey['channel'], type: EVERY, template: EVERY, role };
  return [
    ['one', key],
    ['channel', { ...every, channel }],
    ['type', { ...every, type }],
    ['all', every],
  ];
}

/** Changes the sums of one day by what its slots changed by. */
export async function changeDay(
  days: Rows<DayRow>,
  place: { tenantId: string; day: Date; purgeAt: Date },
  differences: Differences,
  session: ClientSession,
): Promise<void> {
  const changes = differences.ofDays;
  if (changes.length === 0) return;
  const { tenantId, day } = place;
  const idOf = (key: RollupKey) => rowId(tenantId, `${day.toISOString().slice(0, 10)}/${keyText(key)}`);
  const known = await days.find({ _id: { $in: changes.map(({ key }) => idOf(key)) } }, { session }).toArray();
  const before = new Map(known.map((row) => [row._id, row]));
  await days.bulkWrite(
    changes.map(({ kind, key, sum, bySlot }) => {
      const _id = idOf(key);
      const old = before.get(_id);
      const figures = new Sum().add(sum.toFigures());
      if (old) figures.add(old.figures);
      if (figures.isEmpty) return { deleteOne: { filter: { _id } } };
      const replacement: Omit<DayRow, '_id'> = {
        ...place,
        kind,
        ...key,
        figures: figures.toFigures(),
        series: changedSeries(old?.series, bySlot),
      };
      return { replaceOne: { filter: { _id }, replacement, upsert: true } };
    }),
    { session, ordered: false },
  );
}

function changedSeries(series: DaySeries | undefined, bySlot: ReadonlyMap<number, Sum>): DaySeries {
  const changed = (name: keyof DaySeries) => {
    const values = series?.[name] ?? new Array<number>(SLOTS_A_DAY).fill(0);
    for (const [slotMs, sum] of bySlot) {
      const place = placeInDay(slotMs);
      values[place] = (values[place] ?? 0) + sum[name];
    }
    return values;
  };
  return {
    sent: changed('sent'),
    failed: changed('failed'),
    opened: changed('opened'),
    latencyMs: changed('latencyMs'),
  };
}
