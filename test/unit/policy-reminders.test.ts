import { describe, expect, it } from 'vitest';
import { daysLeft } from '../../policy/days-left.js';
import { reminderStep, type Reminding } from '../../policy/reminders.js';

const DAY_MS = 86_400_000;
const day = (days: number) => days * DAY_MS;

/** Due on day 100, made on day 0, with 30, 7 and 1 days before. */
const reminding = (changes: Partial<Reminding> = {}): Reminding => ({
  dueAtMs: day(100),
  offsets: [day(7), day(30), day(1)],
  setAtMs: 0,
  sent: [],
  ...changes,
});
const sentFor = (dueAt: number, ...offsets: number[]) =>
  offsets.map((offset) => ({ offsetMs: day(offset), dueAtMs: day(dueAt) }));

describe('what a reminder sends', () => {
  it.each([
    [69, undefined, 30],
    [70, 30, 7],
    [92.9, 30, 7],
    [93, 7, 1],
    [99, 1, undefined],
    [100, 1, undefined],
    [150, 1, undefined],
  ])('on day %d, with nothing sent before, is %s, and then %s', (now, offset, next) => {
    const step = reminderStep(reminding(), day(now));
    expect(step.offsetMs).toBe(offset === undefined ? undefined : day(offset));
    expect(step.next).toEqual(
      next === undefined ? undefined : { offsetMs: day(next), atMs: day(100 - next) },
    );
  });

  it('is nothing that was sent for this date', () => {
    const step = reminderStep(reminding({ sent: sentFor(100, 30) }), day(80));
    expect(step).toEqual({ next: { offsetMs: day(7), atMs: day(93) } });
  });

  it('is nothing farther from the date than what was sent for it', () => {
    const changed = reminding({ offsets: [day(10), day(1)], sent: sentFor(100, 7) });
    expect(reminderStep(changed, day(94)).offsetMs).toBeUndefined();
  });

  it('is sent again for a later date', () => {
    const moved = reminding({ dueAtMs: day(110), setAtMs: day(95), sent: sentFor(100, 30, 7) });
    expect(reminderStep(moved, day(103)).offsetMs).toBe(day(7));
  });

  it('is not sent again for a later date where it was past already when that was set', () => {
    const moved = reminding({ dueAtMs: day(101), setAtMs: day(95), sent: sentFor(100, 30, 7) });
    expect(reminderStep(moved, day(95))).toEqual({ next: { offsetMs: day(1), atMs: day(100) } });
  });

  it('is the nearest that has become past when the date is moved to an earlier one', () => {
    const moved = reminding({ dueAtMs: day(80), setAtMs: day(75), sent: sentFor(100, 30) });
    expect(reminderStep(moved, day(75))).toEqual({
      offsetMs: day(7),
      next: { offsetMs: day(1), atMs: day(79) },
    });
  });

  it('is sent at the date itself with an offset of nothing', () => {
    const atOnce = reminding({ offsets: [0] });
    expect(reminderStep(atOnce, day(100) - 1)).toEqual({ next: { offsetMs: 0, atMs: day(100) } });
    expect(reminderStep(atOnce, day(100))).toEqual({ offsetMs: 0 });
  });
});

describe('days left', () => {
  it.each([
    ['2026-12-01T10:00:00Z', '2026-12-31T10:00:00Z', 'UTC', 30],
    // An hour later it is another day in Paris, and there is one left.
    ['2026-12-30T22:30:00Z', '2026-12-31T10:00:00Z', 'Europe/Paris', 1],
    ['2026-12-30T23:30:00Z', '2026-12-31T10:00:00Z', 'Europe/Paris', 0],
    ['2026-12-31T04:30:00Z', '2026-12-31T10:00:00Z', 'America/New_York', 1],
    // Across the change to summer time, when a day has 23 hours.
    ['2026-03-28T12:00:00Z', '2026-03-30T00:30:00+02:00', 'Europe/Paris', 2],
    ['2027-01-05T00:00:00Z', '2026-12-31T10:00:00Z', 'UTC', 0],
  ])('from %s until %s in %s are %d', (now, dueAt, zone, days) => {
    expect(daysLeft(Date.parse(now), Date.parse(dueAt), zone)).toBe(days);
  });
});
