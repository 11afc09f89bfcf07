import { describe, expect, it } from 'vitest';
import { dayNames, type DayName, type QuietWindow } from '../../contracts/quiet-hours.js';
import { quietUntil } from '../../policy/quiet-hours.js';

const at = (time: string) => Date.parse(time);
const window = (start: string, end: string, ...days: DayName[]): QuietWindow => ({
  days: days.length > 0 ? days : [...dayNames],
  start,
  end,
});

/** When quiet ends, as an ISO instant in UTC. */
function until(time: string, zone: string, ...windows: QuietWindow[]): string | undefined {
  const ms = quietUntil(at(time), { windows }, zone);
  return ms === undefined ? undefined : new Date(ms).toISOString().replace(/:00\.000Z$/, 'Z');
}

const night = window('22:00', '07:00');

describe('quiet hours', () => {
  it('hold from the first minute of a window to its end', () => {
    expect(until('2026-01-14T21:00Z', 'Europe/Paris', night)).toBe('2026-01-15T06:00Z');
    expect(until('2026-01-14T20:59:59.999Z', 'Europe/Paris', night)).toBeUndefined();
  });

  it('are over at the end of a window, and not a millisecond before', () => {
    expect(until('2026-01-15T05:59:59.999Z', 'Europe/Paris', night)).toBe('2026-01-15T06:00Z');
    expect(until('2026-01-15T06:00Z', 'Europe/Paris', night)).toBeUndefined();
  });

  it('go on after midnight in the window that began the day before', () => {
    expect(until('2026-01-17T00:30Z', 'UTC', window('22:00', '07:00', 'fri'))).toBe('2026-01-17T07:00Z');
  });

  it('do not begin on a day that the window does not name', () => {
    const friday = window('22:00', '07:00', 'fri');
    expect(until('2026-01-17T23:00Z', 'UTC', friday)).toBeUndefined();
    expect(until('2026-01-16T01:00Z', 'UTC', friday)).toBeUndefined();
  });

  it('never are without a window', () => {
    expect(until('2026-01-17T23:00Z', 'UTC')).toBeUndefined();
  });

  it('last a whole day when start and end are the same', () => {
    expect(until('2026-01-18T00:00Z', 'UTC', window('00:00', '00:00', 'sun'))).toBe('2026-01-19T00:00Z');
    expect(until('2026-01-18T08:00Z', 'UTC', window('09:00', '09:00', 'sat'))).toBe('2026-01-18T09:00Z');
  });

  it('follow a window that begins where another ends', () => {
    const windows = [window('22:00', '07:00', 'fri'), window('07:00', '12:00', 'sat')];
    expect(until('2026-01-16T23:00Z', 'UTC', ...windows)).toBe('2026-01-17T12:00Z');
    expect(until('2026-01-16T23:00Z', 'UTC', ...windows.reverse())).toBe('2026-01-17T12:00Z');
  });

  it('follow windows that overlap, and end with the last of them', () => {
    const windows = [
      window('22:00', '10:00', 'fri'),
      window('23:00', '01:00', 'fri'),
      window('09:00', '11:00', 'sat'),
    ];
    expect(until('2026-01-16T23:30Z', 'UTC', ...windows)).toBe('2026-01-17T11:00Z');
  });

  it('stop at a free minute between two windows', () => {
    const windows = [window('22:00', '07:00', 'fri'), window('07:01', '12:00', 'sat')];
    expect(until('2026-01-16T23:00Z', 'UTC', ...windows)).toBe('2026-01-17T07:00Z');
  });

  it('follow windows over the end of the week', () => {
    const windows = [
      window('18:00', '00:00', 'fri'),
      window('00:00', '00:00', 'sat', 'sun'),
      window('00:00', '08:00', 'mon'),
    ];
    expect(until('2026-01-16T19:00Z', 'UTC', ...windows)).toBe('2026-01-19T08:00Z');
    expect(until('2026-01-19T07:00Z', 'UTC', ...windows)).toBe('2026-01-19T08:00Z');
  });

  it.each([
    ['Asia/Kathmandu', '2026-01-14T17:00Z', '2026-01-15T01:15Z'],
    ['Pacific/Kiritimati', '2026-01-14T09:00Z', '2026-01-14T17:00Z'],
    ['Pacific/Marquesas', '2026-01-14T09:00Z', '2026-01-14T16:30Z'],
    ['Etc/GMT+12', '2026-01-14T11:00Z', '2026-01-14T19:00Z'],
    ['europe/paris', '2026-01-14T22:00Z', '2026-01-15T06:00Z'],
  ])('end at seven on the wall of %s', (zone, time, end) => {
    expect(until(time, zone, night)).toBe(end);
  });

  it('refuse a zone that this runtime does not know', () => {
    expect(() => until('2026-01-14T22:00Z', 'Europe/Atlantis', night)).toThrow(RangeError);
  });
});

describe('quiet hours where the clock is put forward', () => {
  // Paris 2026-03-29, 02:00 → 03:00, at 01:00 UTC.
  it('end at the wall time, an hour of the night short', () => {
    expect(until('2026-03-28T22:00Z', 'Europe/Paris', night)).toBe('2026-03-29T05:00Z');
  });

  it('start at the skip when their start is skipped', () => {
    const windows = window('02:30', '04:00');
    expect(until('2026-03-29T00:59Z', 'Europe/Paris', windows)).toBeUndefined();
    expect(until('2026-03-29T01:00Z', 'Europe/Paris', windows)).toBe('2026-03-29T02:00Z');
  });

  it('end at the skip when their end is skipped', () => {
    const windows = window('22:00', '02:30');
    expect(until('2026-03-29T00:59Z', 'Europe/Paris', windows)).toBe('2026-03-29T01:00Z');
    expect(until('2026-03-29T01:00Z', 'Europe/Paris', windows)).toBeUndefined();
  });

  it('are not kept at all when both are skipped', () => {
    const windows = window('02:10', '02:50');
    expect(until('2026-03-29T00:59Z', 'Europe/Paris', windows)).toBeUndefined();
    expect(until('2026-03-29T01:00Z', 'Europe/Paris', windows)).toBeUndefined();
    expect(until('2026-03-30T00:30Z', 'Europe/Paris', windows)).toBe('2026-03-30T00:50Z');
  });

  it('join over a free half hour that is skipped', () => {
    const windows = [window('22:00', '02:15'), window('02:45', '06:00')];
    expect(until('2026-03-28T22:00Z', 'Europe/Paris', ...windows)).toBe('2026-03-29T04:00Z');
    expect(until('2026-03-27T22:00Z', 'Europe/Paris', ...windows)).toBe('2026-03-28T01:15Z');
  });

  it('do the same in New York', () => {
    // 2026-03-08, 02:00 → 03:00, at 07:00 UTC.
    expect(until('2026-03-08T03:00Z', 'America/New_York', night)).toBe('2026-03-08T11:00Z');
    expect(until('2026-03-08T07:00Z', 'America/New_York', window('02:30', '04:00'))).toBe(
      '2026-03-08T08:00Z',
    );
    expect(until('2026-03-08T06:59Z', 'America/New_York', window('22:00', '02:30'))).toBe(
      '2026-03-08T07:00Z',
    );
  });

  it('skip half an hour on Lord Howe Island', () => {
    // 2026-10-04, 02:00 → 02:30, at 15:30 UTC the day before.
    const zone = 'Australia/Lord_Howe';
    expect(until('2026-10-03T12:00Z', zone, night)).toBe('2026-10-03T20:00Z');
    expect(until('2026-10-03T15:00Z', zone, window('22:00', '02:15'))).toBe('2026-10-03T15:30Z');
    expect(until('2026-10-03T15:30Z', zone, window('02:15', '03:00'))).toBe('2026-10-03T16:00Z');
  });
});

describe('quiet hours where the clock is put back', () => {
  // Paris 2026-10-25, 03:00 → 02:00, at 01:00 UTC.
  it('end at the wall time, an hour of the night longer', () => {
    expect(until('2026-10-24T21:00Z', 'Europe/Paris', night)).toBe('2026-10-25T06:00Z');
  });

  it('end at the last showing of an end that is shown twice', () => {
    expect(until('2026-10-24T22:00Z', 'Europe/Paris', window('22:00', '02:30'))).toBe('2026-10-25T01:30Z');
    expect(until('2026-10-24T22:00Z', 'Europe/Paris', window('22:00', '02:00'))).toBe('2026-10-25T01:00Z');
  });

  it('end at the only showing of the time at which the clock is put back', () => {
    expect(until('2026-10-24T22:00Z', 'Europe/Paris', window('22:00', '03:00'))).toBe('2026-10-25T02:00Z');
  });

  it('start at the first showing of a start that is shown twice', () => {
    const windows = window('02:30', '05:00');
    expect(until('2026-10-25T00:29Z', 'Europe/Paris', windows)).toBeUndefined();
    expect(until('2026-10-25T00:30Z', 'Europe/Paris', windows)).toBe('2026-10-25T04:00Z');
  });

  it('are kept between both showings of a window that lies in the repeated hour', () => {
    const windows = window('02:00', '02:30');
    expect(until('2026-10-25T00:45Z', 'Europe/Paris', windows)).toBe('2026-10-25T01:30Z');
    expect(until('2026-10-25T01:30Z', 'Europe/Paris', windows)).toBeUndefined();
  });

  it('join over a free half hour whose second showing lies in the next window', () => {
    const windows = [window('22:00', '02:15'), window('02:45', '06:00')];
    expect(until('2026-10-24T22:00Z', 'Europe/Paris', ...windows)).toBe('2026-10-25T05:00Z');
  });

  it('do the same in New York', () => {
    // 2026-11-01, 02:00 → 01:00, at 06:00 UTC.
    expect(until('2026-11-01T03:00Z', 'America/New_York', night)).toBe('2026-11-01T12:00Z');
    expect(until('2026-11-01T03:00Z', 'America/New_York', window('22:00', '01:30'))).toBe(
      '2026-11-01T06:30Z',
    );
    expect(until('2026-11-01T05:30Z', 'America/New_York', window('01:30', '04:00'))).toBe(
      '2026-11-01T09:00Z',
    );
  });

  it('repeat half an hour on Lord Howe Island', () => {
    // 2026-04-05, 02:00 → 01:30, at 15:00 UTC the day before.
    const zone = 'Australia/Lord_Howe';
    expect(until('2026-04-04T12:00Z', zone, night)).toBe('2026-04-04T20:30Z');
    expect(until('2026-04-04T12:00Z', zone, window('22:00', '01:45'))).toBe('2026-04-04T15:15Z');
    expect(until('2026-04-04T14:45Z', zone, window('01:45', '03:00'))).toBe('2026-04-04T16:30Z');
  });

  it('keep a Sunday window when the clock falls back from just after midnight into Saturday', () => {
    // St. John's 2010-11-07, 00:01 → Saturday 23:01, at 02:31 UTC: Sunday has already begun when it is Saturday again.
    const sunday = window('00:00', '06:00', 'sun');
    expect(until('2010-11-07T02:45Z', 'America/St_Johns', sunday)).toBe('2010-11-07T09:30Z');
  });
});

describe('quiet hours where a zone skipped a day', () => {
  // Samoa went from Thursday 2011-12-29 24:00 to Saturday 2011-12-31 00:00, at 10:00 UTC on the 30th.
  const zone = 'Pacific/Apia';

  it('end at the skip when they would have ended on the skipped day', () => {
    expect(until('2011-12-30T09:00Z', zone, window('22:00', '07:00', 'thu'))).toBe('2011-12-30T10:00Z');
  });

  it('start at the skip when they would have begun on the skipped day', () => {
    const friday = window('22:00', '07:00', 'fri');
    expect(until('2011-12-30T09:59Z', zone, friday)).toBeUndefined();
    expect(until('2011-12-30T10:00Z', zone, friday)).toBe('2011-12-30T17:00Z');
  });

  it('pass over a window that lies in the skipped day', () => {
    expect(until('2011-12-30T10:00Z', zone, window('08:00', '18:00', 'fri'))).toBeUndefined();
  });

  it('are one night when every night is quiet', () => {
    expect(until('2011-12-30T09:00Z', zone, night)).toBe('2011-12-30T17:00Z');
  });
});
