import { describe, expect, it } from 'vitest';
import { duration } from '../../contracts/durations.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const anyLength = duration(0, 1_000 * DAY_MS, 'PT2H');

describe('a duration', () => {
  it.each([
    ['PT0S', 0],
    ['PT90S', 90_000],
    ['PT2M', 2 * MINUTE_MS],
    ['PT1H30M', 90 * MINUTE_MS],
    ['PT1H1S', HOUR_MS + 1_000],
    ['P1D', DAY_MS],
    ['P1DT12H', 36 * HOUR_MS],
    ['P2W', 14 * DAY_MS],
    ['P1W1DT1H1M1S', 8 * DAY_MS + HOUR_MS + MINUTE_MS + 1_000],
    ['PT007M', 7 * MINUTE_MS],
  ])('%s is %d ms', (text, ms) => {
    expect(anyLength.parse(text)).toBe(ms);
  });

  it.each([
    ['nothing', ''],
    ['no parts', 'P'],
    ['no parts after T', 'PT'],
    ['no parts after T behind days', 'P1DT'],
    ['months, which have no fixed length', 'P1M'],
    ['years, which have none either', 'P1Y'],
    ['a fraction', 'PT1.5H'],
    ['a sign', '-PT1H'],
    ['parts in a wrong order', 'PT1M1H'],
    ['a part twice', 'PT1H1H'],
    ['hours without T', 'P1H'],
    ['lower case', 'pt1h'],
    ['a blank', ' PT1H'],
    ['a line break', 'PT1H\n'],
    ['other digits', 'PT١H'],
    ['so many digits that it is beyond every bound', `PT${'9'.repeat(40)}S`],
    ['a number', 7_200],
  ])('may not be %s', (_what, given) => {
    expect(anyLength.safeParse(given).success).toBe(false);
  });

  it('may be as short and as long as its bounds, and no more', () => {
    const bounded = duration(MINUTE_MS, HOUR_MS, 'PT30M');
    const taken = ['PT59S', 'PT60S', 'PT60M', 'PT3601S'].map((text) => bounded.safeParse(text).success);
    expect(taken).toEqual([false, true, true, false]);
  });

  it('is refused with an example and its bounds in seconds', () => {
    const { error } = duration(MINUTE_MS, HOUR_MS, 'PT30M').safeParse('PT1S');
    expect(error?.issues[0]?.message).toBe(
      'must be an ISO 8601 duration such as PT30M, from 60 to 3600 seconds',
    );
  });
});
