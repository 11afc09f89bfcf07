import { describe, expect, it } from 'vitest';
import { dayNames, type DayName, type QuietWindow } from '../../contracts/quiet-hours.js';
import { coversWholeWeek, overlappingWindow, quietUntil } from '../../policy/quiet-hours.js';

const DAY_MS = 86_400_000;
const window = (start: string, end: string, ...days: DayName[]): QuietWindow => ({
  days: days.length > 0 ? days : [...dayNames],
  start,
  end,
});

describe('windows that cover the whole week', () => {
  it.each<[string, QuietWindow[]]>([
    ['a whole day on every day', [window('00:00', '00:00')]],
    ['a whole day from another hour on every day', [window('09:30', '09:30')]],
    ['days and nights that join', [window('22:00', '07:00'), window('07:00', '22:00')]],
    [
      'a night over the end of the week that joins the Monday',
      [
        window('00:00', '00:00', 'tue', 'wed', 'thu', 'fri', 'sat'),
        window('00:00', '22:00', 'sun'),
        window('22:00', '06:00', 'sun'),
        window('06:00', '06:00', 'mon'),
      ],
    ],
  ])('are told: %s', (_, windows) => {
    expect(coversWholeWeek(windows)).toBe(true);
    expect(coversWholeWeek([...windows].reverse())).toBe(true);
  });

  it.each<[string, QuietWindow[]]>([
    ['no window', []],
    ['six whole days', [window('00:00', '00:00', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat')]],
    ['all but one minute of each day', [window('08:01', '08:00')]],
    [
      'all but one minute of the week',
      [window('08:00', '08:00', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'), window('08:00', '07:59', 'sun')],
    ],
  ])('are not mistaken for others: %s', (_, windows) => {
    expect(coversWholeWeek(windows)).toBe(false);
  });

  it('end a hold some weeks away, so that nothing loops and the hold is looked at again', () => {
    const now = Date.parse('2026-03-18T12:00:00Z');
    const until = quietUntil(now, { windows: [window('00:00', '00:00')] }, 'Europe/Paris') ?? 0;
    expect((until - now) / DAY_MS).toBeGreaterThanOrEqual(28);
    expect((until - now) / DAY_MS).toBeLessThanOrEqual(36);
  });

  it('are not what windows with one free minute are: they end at it', () => {
    const windows = [
      window('08:00', '08:00', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'),
      window('08:00', '07:59', 'sun'),
    ];
    const until = quietUntil(Date.parse('2026-01-12T08:00:00Z'), { windows }, 'UTC');
    expect(until).toBe(Date.parse('2026-01-19T07:59:00Z'));
  });

  it('are not what windows are whose only free half hour the clock skips once a year: they wait a week more', () => {
    const windows = [
      window('02:30', '02:30', 'sun', 'mon', 'tue', 'wed', 'thu', 'fri'),
      window('02:30', '02:00', 'sat'),
    ];
    expect(coversWholeWeek(windows)).toBe(false);
    const until = quietUntil(Date.parse('2026-03-23T12:00:00Z'), { windows }, 'Europe/Paris');
    expect(until).toBe(Date.parse('2026-04-05T00:00:00Z'));
  });
});

describe('windows that overlap', () => {
  it.each<[string, QuietWindow[], { at: number; earlier: number; day: DayName }]>([
    [
      'twice the same',
      [window('22:00', '07:00', 'fri'), window('22:00', '07:00', 'fri')],
      { at: 1, earlier: 0, day: 'fri' },
    ],
    [
      'an evening and the night that it runs into',
      [window('20:00', '23:00'), window('22:00', '07:00', 'sat')],
      { at: 1, earlier: 0, day: 'sat' },
    ],
    [
      'a night and the next morning',
      [window('22:00', '07:00', 'mon'), window('06:00', '08:00', 'tue')],
      { at: 1, earlier: 0, day: 'tue' },
    ],
    [
      'a Sunday night and Monday morning',
      [window('06:00', '08:00', 'mon'), window('22:00', '07:00', 'sun')],
      { at: 1, earlier: 0, day: 'sun' },
    ],
    [
      'the third with the second',
      [window('01:00', '02:00'), window('03:00', '05:00'), window('04:00', '06:00', 'wed')],
      { at: 2, earlier: 1, day: 'wed' },
    ],
  ])('are found: %s', (_what, windows, found) => {
    expect(overlappingWindow(windows)).toEqual(found);
  });

  it.each<[string, QuietWindow[]]>([
    ['none', []],
    ['windows that join', [window('22:00', '07:00'), window('07:00', '08:00'), window('20:00', '22:00')]],
    ['a whole day beside the next', [window('00:00', '00:00', 'sat'), window('00:00', '00:00', 'sun')]],
    ['a Sunday night up to a Monday', [window('07:00', '08:00', 'mon'), window('22:00', '07:00', 'sun')]],
    ['the same hours on other days', [window('12:00', '13:00', 'mon'), window('12:30', '13:30', 'tue')]],
  ])('are not found in %s', (_what, windows) => {
    expect(overlappingWindow(windows)).toBeUndefined();
  });
});
