import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Days remembered per zone, and zones remembered; forgotten all at once past it. */
const MAX_DAYS = 100;
const MAX_ZONES = 1_000;

/** One day in UTC: the zone's offset before and from the moment at which it changes, in milliseconds. */
interface Day {
  before: number;
  after: number;
  changesAtMs: number;
}

/**
 * A zone's wall clock. A wall time is written as the milliseconds that it would be in UTC, so that weekly arithmetic on
 * it is plain arithmetic. Offsets are remembered by the day, because one look into `Intl` costs more than a whole
 * decision. A zone is taken to change its offset at most once in 48 hours; in the IANA database (2025) no two changes
 * are closer than four days.
 */
export class ZoneClock {
  private readonly days = new Map<number, Day>();

  constructor(private readonly zone: IANAZone) {}

  /** What the wall clock shows at an instant. */
  wallAt(ms: number): number {
    return ms + this.offsetAt(ms);
  }

  /** The instant at which the clock first shows this wall time; for one that is skipped, the instant of the skip. */
  firstShowing(wallMs: number): number {
    return this.showings(wallMs).first;
  }

  /** The instant at which the clock last shows this wall time; for one that is skipped, the instant of the skip. */
  lastShowing(wallMs: number): number {
    return this.showings(wallMs).last;
  }

  private showings(wallMs: number): { first: number; last: number } {
    // No offset exceeds a day, so whatever change could touch this wall time lies between these two instants.
    const offsetBefore = this.offsetAt(wallMs - DAY_MS);
    const offsetAfter = this.offsetAt(wallMs + DAY_MS);
    const before = wallMs - offsetBefore;
    if (offsetBefore === offsetAfter) return { first: before, last: before };
    const after = wallMs - offsetAfter;
    const shownBefore = this.offsetAt(before) === offsetBefore;
    const shownAfter = this.offsetAt(after) === offsetAfter;
    if (shownBefore && shownAfter) return { first: before, last: after };
    if (shownBefore) return { first: before, last: before };
    if (shownAfter) return { first: after, last: after };
    const skip = changeWithin(after, before, (ms) => this.offsetAt(ms));
    return { first: skip, last: skip };
  }

  private offsetAt(ms: number): number {
    const number = Math.floor(ms / DAY_MS);
    const day = this.days.get(number) ?? this.remember(number);
    return ms < day.changesAtMs ? day.before : day.after;
  }

  private remember(number: number): Day {
    const from = number * DAY_MS;
    const to = from + DAY_MS;
    const lookUp = (ms: number) => Math.round(this.zone.offset(ms) * MINUTE_MS);
    const before = lookUp(from);
    const after = lookUp(to);
    const day = { before, after, changesAtMs: before === after ? to : changeWithin(from, to, lookUp) };
    if (this.days.size >= MAX_DAYS) this.days.clear();
    this.days.set(number, day);
    return day;
  }
}

/** The first millisecond after `from` at which the offset is no longer the one at `from`; it changes once until `to`. */
function changeWithin(from: number, to: number, offsetAt: (ms: number) => number): number {
  const before = offsetAt(from);
  let last = from;
  let changed = to;
  while (changed - last > 1) {
    const middle = Math.floor((last + changed) / 2);
    if (offsetAt(middle) === before) last = middle;
    else changed = middle;
  }
  return changed;
}

const clocks = new Map<string, ZoneClock | undefined>();

/** The clock of an IANA zone; undefined where this runtime does not know the zone. */
export function zoneClock(zone: string): ZoneClock | undefined {
  if (clocks.has(zone)) return clocks.get(zone);
  // Names are accepted in any case; luxon keeps what it makes for ever, so it is asked for one spelling only.
  const found = IANAZone.create(zone.toLowerCase());
  const clock = found.isValid ? new ZoneClock(found) : undefined;
  if (clocks.size >= MAX_ZONES) clocks.clear();
  clocks.set(zone, clock);
  return clock;
}
