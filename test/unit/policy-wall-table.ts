import { DateTime } from 'luxon';
import { dayNames, type QuietWindow } from '../../contracts/quiet-hours.js';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/**
 * What the wall clock of a zone shows at each minute of some days, looked up minute by minute: the slow, plain meaning
 * of quiet hours, against which the quick one in `policy/` is checked.
 */
export class WallTable {
  /** Wall time in minutes since 1970-01-01 00:00 on the wall, by minute since `fromMs`. */
  private readonly wall: number[];
  private readonly first = new Map<number, number>();
  private readonly last = new Map<number, number>();

  constructor(
    readonly zone: string,
    readonly fromMs: number,
    days: number,
  ) {
    this.wall = Array.from({ length: days * DAY_MINUTES }, (_, minute) => {
      const ms = fromMs + minute * MINUTE_MS;
      return ms / MINUTE_MS + DateTime.fromMillis(ms, { zone }).offset;
    });
    this.wall.forEach((shown, minute) => {
      if (!this.first.has(shown)) this.first.set(shown, minute);
      this.last.set(shown, minute);
    });
  }

  get minutes(): number {
    return this.wall.length;
  }

  instant(minute: number): number {
    return this.fromMs + minute * MINUTE_MS;
  }

  minuteOf(ms: number): number {
    return (ms - this.fromMs) / MINUTE_MS;
  }

  /** For each minute whether a window holds it. */
  quiet(windows: readonly QuietWindow[]): boolean[] {
    const quiet = new Array<boolean>(this.minutes).fill(false);
    const earliest = this.wall[0] ?? 0;
    const latest = this.wall.at(-1) ?? 0;
    for (let day = Math.floor(earliest / DAY_MINUTES) - 1; day <= latest / DAY_MINUTES; day += 1) {
      const name = dayNames[(((day + 3) % 7) + 7) % 7];
      for (const window of windows) {
        if (!name || !window.days.includes(name)) continue;
        const start = day * DAY_MINUTES + minutes(window.start);
        const sameDayEnd = day * DAY_MINUTES + minutes(window.end);
        const end = sameDayEnd > start ? sameDayEnd : sameDayEnd + DAY_MINUTES;
        if (end < earliest || start > latest) continue;
        quiet.fill(true, this.startOf(start), this.endOf(end));
      }
    }
    return quiet;
  }

  /** The first minute that shows this wall time, or a later one where none does. */
  private startOf(wall: number): number {
    const found = this.first.get(wall) ?? this.wall.findIndex((shown) => shown > wall);
    return found < 0 ? this.minutes : found;
  }

  /** The last minute that shows it; the minute after the last that shows an earlier one where none does. */
  private endOf(wall: number): number {
    return this.last.get(wall) ?? this.wall.findLastIndex((shown) => shown < wall) + 1;
  }
}

function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  return hours * 60 + rest;
}
