import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNames, type DayName, type QuietWindow } from '../../contracts/quiet-hours.js';
import { coversWholeWeek, quietUntil } from '../../policy/quiet-hours.js';
import { WallTable } from './policy-wall-table.js';

const DAY_MS = 86_400_000;
/** Days before and after each clock change that the laws look at. */
const AROUND = 12;

/** Clock changes, in UTC; the last two are a day that was skipped and a zone without changes. */
const changes: [zone: string, at: string][] = [
  ['Europe/Paris', '2026-03-29T01:00Z'],
  ['Europe/Paris', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/St_Johns', '2010-11-07T02:31Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Asia/Kathmandu', '2026-06-01T00:00Z'],
];
const tables = changes.map(([zone, at]) => new WallTable(zone, Date.parse(at) - AROUND * DAY_MS, 2 * AROUND));

const two = (n: number) => String(n).padStart(2, '0');
const time = fc.oneof(
  fc
    .integer({ min: 0, max: 95 })
    .map((quarter) => `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`),
  // Where clocks change.
  fc.constantFrom('00:00', '00:01', '01:00', '01:30', '01:45', '02:00', '02:15', '02:30', '03:00', '23:30'),
  fc.integer({ min: 0, max: 1439 }).map((minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`),
);
const days: fc.Arbitrary<DayName[]> = fc.oneof(
  fc.subarray<DayName>([...dayNames], { minLength: 1 }),
  fc.constant<DayName[]>([...dayNames]),
);
const window: fc.Arbitrary<QuietWindow> = fc.record({ days, start: time, end: time });
const windows = fc.array(window, { minLength: 1, maxLength: 5 });

/** A zone's days around a clock change, windows, and a minute within two days of the change. */
const moment = fc
  .record({
    table: fc.constantFrom(...tables),
    windows,
    minute: fc.integer({ min: (AROUND - 2) * 1440, max: (AROUND + 2) * 1440 }),
  })
  .filter((drawn) => !coversWholeWeek(drawn.windows));

/** Enough that each clock change is met a hundred times. */
const runs = { numRuns: 1_000 };

describe('the end of a hold, in any zone, around any clock change', () => {
  it('is there exactly when a window holds the moment', () => {
    fc.assert(
      fc.property(moment, ({ table, windows, minute }) => {
        const until = quietUntil(table.instant(minute), { windows }, table.zone);
        expect(until !== undefined).toBe(table.quiet(windows)[minute]);
      }),
      runs,
    );
  });

  it('does not lie inside a window', () => {
    fc.assert(
      fc.property(moment, ({ table, windows, minute }) => {
        const until = quietUntil(table.instant(minute), { windows }, table.zone);
        fc.pre(until !== undefined && table.minuteOf(until) < table.minutes);
        expect(table.quiet(windows)[table.minuteOf(until)]).toBe(false);
        expect(quietUntil(until, { windows }, table.zone)).toBeUndefined();
      }),
      runs,
    );
  });

  it('is not later than it must be: every minute before it is quiet', () => {
    fc.assert(
      fc.property(moment, ({ table, windows, minute }) => {
        const until = quietUntil(table.instant(minute), { windows }, table.zone);
        fc.pre(until !== undefined && table.minuteOf(until) < table.minutes);
        const before = table.quiet(windows).slice(minute, table.minuteOf(until));
        expect(before).not.toContain(false);
        expect(quietUntil(until - 1, { windows }, table.zone)).toBe(until);
      }),
      runs,
    );
  });

  it('does not depend on the order of the windows, nor on how their days are grouped', () => {
    fc.assert(
      fc.property(moment, fc.nat(), ({ table, windows, minute }, turn) => {
        const now = table.instant(minute);
        const turned = [...windows.slice(turn % windows.length), ...windows.slice(0, turn % windows.length)];
        const single = turned.reverse().flatMap((w) => w.days.map((day) => ({ ...w, days: [day] })));
        const until = quietUntil(now, { windows }, table.zone);
        expect(quietUntil(now, { windows: turned }, table.zone)).toBe(until);
        expect(quietUntil(now, { windows: single }, table.zone)).toBe(until);
      }),
      runs,
    );
  });

  it('only moves away as windows are added', () => {
    fc.assert(
      fc.property(moment, window, ({ table, windows, minute }, more) => {
        const now = table.instant(minute);
        const until = quietUntil(now, { windows }, table.zone) ?? now;
        expect(quietUntil(now, { windows: [...windows, more] }, table.zone) ?? now).toBeGreaterThanOrEqual(
          until,
        );
      }),
      runs,
    );
  });

  it('is within four weeks whenever the week has a free minute', () => {
    fc.assert(
      fc.property(moment, ({ table, windows, minute }) => {
        const now = table.instant(minute);
        const until = quietUntil(now, { windows }, table.zone) ?? now;
        expect(until - now).toBeLessThan(28 * DAY_MS);
      }),
      runs,
    );
  });
});
