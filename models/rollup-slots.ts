/** Deliveries are counted by the quarter of an hour in which they were triggered: in every zone, hours are whole quarters. */
export const SLOT_MS = 900_000;
const DAY_MS = 86_400_000;
export const SLOTS_A_DAY = DAY_MS / SLOT_MS;

/** The beginning (ms) of the slot that an instant lies in. */
export function slotOf(ms: number): number {
  return Math.floor(ms / SLOT_MS) * SLOT_MS;
}

/** The beginning (ms) of its day in UTC. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** The place of a slot in its day: 0 to 95. */
export function placeInDay(slotMs: number): number {
  return (slotMs - dayOf(slotMs)) / SLOT_MS;
}

/** What adds up to a period: whole days (their beginnings, ms), and slots to add to them or take from them. */
export interface Pieces {
  days: number[];
  add: number[];
  take: number[];
}

/**
 * Divides the slots from `fromMs` to before `toMs`, both beginnings of slots, into days and what they differ by: never
 * more than half a day of slots at either end. Slots from `emptyFromMs` on count nothing, so that they need not be taken
 * away.
 */
export function piecesOf(fromMs: number, toMs: number, emptyFromMs = Infinity): Pieces {
  const pieces: Pieces = { days: [], add: [], take: [] };
  for (let day = dayOf(fromMs); day < toMs; day += DAY_MS) {
    const end = day + DAY_MS;
    const inside = range(Math.max(day, fromMs), Math.min(end, toMs));
    const outside = [...range(day, fromMs), ...range(toMs, Math.min(end, emptyFromMs))];
    if (outside.length < inside.length) {
      pieces.days.push(day);
      pieces.take.push(...outside);
    } else pieces.add.push(...inside);
  }
  return pieces;
}

function range(fromMs: number, toMs: number): number[] {
  const slots: number[] = [];
  for (let slot = fromMs; slot < toMs; slot += SLOT_MS) slots.push(slot);
  return slots;
}
