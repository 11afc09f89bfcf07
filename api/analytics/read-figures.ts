import type { ChannelName } from '../../contracts/channels.js';
import type { Models } from '../../models/models.js';
import type { Figures, RollupKey } from '../../models/rollup-figures.js';
import type { DayKind, DayRow, SlotRow } from '../../models/rollup-schema.js';
import { piecesOf, SLOT_MS, slotOf } from '../../models/rollup-slots.js';
import type { Period } from './period.js';

const HOUR_MS = 3_600_000;
/** While the roll-ups are behind, this much is counted from the deliveries themselves at most. */
const LIVE_MS = 2 * HOUR_MS;
/** A slot of more deliveries than this is not counted for one request: its roll-up is a minute old at most. */
const LIVE_DELIVERIES = 20_000;

/** Of what figures are asked; all of it where nothing is named. */
export interface FigureFilter {
  channel?: ChannelName;
  type?: string;
  /** '' for built-in texts. */
  template?: string;
  role?: string;
}

/** Takes in figures: of one slot or of a whole day. */
export interface FigureSink {
  /** `times` is -1 for what is to be taken away. */
  add(key: RollupKey, figures: Figures, times: 1 | -1): void;
  /** What a slot adds to the course of time; only of what the period is about, not of each role. */
  addAt(slotMs: number, values: SeriesValues, times: 1 | -1): void;
}

export type SeriesValues = Pick<Figures, 'sent' | 'failed' | 'opened' | 'latencyMs'>;

/**
 * Reads a tenant's figures of a period: from the roll-ups, and for the newest slots from the deliveries, all at one
 * moment. Answers up to when changes are in them; undefined before they were first
 * counted.
 */
export async function readFigures(
  { rollups, rollupMarks }: Pick<Models, 'rollups' | 'rollupMarks'>,
  tenantId: string,
  { fromMs, toMs }: Period,
  filter: FigureFilter,
  sink: FigureSink,
): Promise<Date | undefined> {
  const nowMs = Date.now();
  const mark = await rollupMarks.find(tenantId);
  const noticedMs = mark?.noticedUpTo?.getTime() ?? 0;
  const liveFromMs = Math.max(fromMs, slotOf(Math.max(noticedMs - SLOT_MS, nowMs - LIVE_MS)));
  const { role = '', ...cells } = filter;
  const isWanted = wantedBy(cells);

  const live = liveFromMs < toMs ? await countLive(rollups, tenantId, liveFromMs, toMs) : undefined;
  const firstLiveMs = live?.fromMs ?? toMs;
  for (const [slotMs, slot] of live?.slots ?? []) addSlot({ at: new Date(slotMs), cells: slot.cells }, 1);

  const pieces = piecesOf(fromMs, Math.min(firstLiveMs, toMs), slotOf(nowMs) + SLOT_MS);
  const { days } = pieces;
  const whole = wholeOf(cells);
  await rollups.snapshot(async (session) => {
    const one = { days, kind: 'one', role, cells, withSeries: whole === 'one' } as const;
    for (const row of await rollups.daysOf(tenantId, one, session)) {
      sink.add(row, row.figures, 1);
      if (whole === 'one') addSeries(row);
    }
    if (whole !== 'one') {
      const course = { days, kind: whole, role, cells, withSeries: true };
      for (const row of await rollups.daysOf(tenantId, course, session)) addSeries(row);
    }
    if (role === '') {
      const roles = { days, kind: whole, role: { $gt: '' }, cells, withSeries: false };
      for (const row of await rollups.daysOf(tenantId, roles, session)) sink.add(row, row.figures, 1);
    }
    const slots = await rollups.slotsOf(tenantId, [...pieces.add, ...pieces.take], session);
    const taken = new Set(pieces.take);
    for (const slot of slots) addSlot(slot, taken.has(slot.at.getTime()) ? -1 : 1);
  });
  return mark?.countedUpTo;

  function addSeries(row: DayRow): void {
    const dayMs = row.day.getTime();
    const { sent, failed, opened, latencyMs } = row.series;
    sent.forEach((count, place) => {
      const failures = failed[place] ?? 0;
      if (count === 0 && failures === 0) return;
      const values = {
        sent: count,
        failed: failures,
        opened: opened[place] ?? 0,
        latencyMs: latencyMs[place] ?? 0,
      };
      sink.addAt(dayMs + place * SLOT_MS, values, 1);
    });
  }

  function addSlot({ at, cells: counted }: Pick<SlotRow, 'at' | 'cells'>, times: 1 | -1): void {
    for (const cell of counted) {
      if (!isWanted(cell)) continue;
      if (cell.role === role) sink.addAt(at.getTime(), cell, times);
      else if (role !== '') continue;
      sink.add(cell, cell, times);
    }
  }
}

/** The kind of sums that tells of all that is asked for in the fewest rows. */
function wholeOf({ channel, type, template }: FigureFilter): DayKind {
  if (template !== undefined || (channel !== undefined && type !== undefined)) return 'one';
  if (channel !== undefined) return 'channel';
  return type === undefined ? 'all' : 'type';
}

function wantedBy({ channel, type, template }: FigureFilter): (key: RollupKey) => boolean {
  return (key) =>
    (channel === undefined || key.channel === channel) &&
    (type === undefined || key.type === type) &&
    (template === undefined || key.template === template);
}

/** The newest slots, counted from the deliveries; but for those that are too many to count for one request. */
async function countLive(rollups: Models['rollups'], tenantId: string, fromMs: number, toMs: number) {
  const busy = await rollups.lastBusy(tenantId, fromMs, toMs, LIVE_DELIVERIES);
  const liveFromMs = busy === undefined ? fromMs : busy + SLOT_MS;
  return {
    fromMs: Math.min(liveFromMs, toMs),
    slots: liveFromMs < toMs ? await rollups.countNow(tenantId, liveFromMs, toMs) : new Map<number, never>(),
  };
}
