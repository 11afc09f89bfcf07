import { describe, expect, it } from 'vitest';
import { snoozeTimes } from '../../web/elements/inbox/snooze-times.js';
import { fullTime, relativeTime } from '../../web/elements/shared/relative-time.js';
import { safeUrl } from '../../web/elements/shared/safe-url.js';

describe('an address from outside', () => {
  it.each(['https://acme.test/a?b#c', 'HTTP://acme.test', '/contracts/c-1', '/', '/a//b'])(
    'is a link: %s',
    (url) => expect(safeUrl(url)).toBe(url),
  );

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    'https://',
    'contracts/c-1',
    'mailto:a@b.test',
    '',
    null,
    undefined,
  ])('is none: %j', (url) => expect(safeUrl(url)).toBeUndefined());
});

describe('a relative time', () => {
  const now = Date.UTC(2026, 5, 15, 12);
  const ago = (ms: number) => new Date(now - ms).toISOString();
  const MINUTE = 60_000;
  const DAY = 24 * 60 * MINUTE;

  it.each([
    { what: 'the last minute', ms: 59_000, en: 'now', fr: 'maintenant' },
    { what: 'a clock that is behind', ms: -5_000, en: 'now', fr: 'maintenant' },
    { what: 'minutes', ms: 5.9 * MINUTE, en: '5 min ago', fr: 'il y a 5 min' },
    { what: 'hours', ms: 23.5 * 60 * MINUTE, en: '23 hr ago', fr: 'il y a 23 h' },
    { what: 'a day', ms: 1.5 * DAY, en: 'yesterday', fr: 'hier' },
    { what: 'a week', ms: 7 * DAY, en: '8 Jun', fr: '8 juin' },
    { what: 'another year', ms: 200 * DAY, en: '27 Nov 2025', fr: '27 nov. 2025' },
  ])('is short for $what', ({ ms, en, fr }) => {
    expect(relativeTime(ago(ms), 'en-GB', now)).toBe(en);
    expect(relativeTime(ago(ms), 'fr', now).replace(/\s/g, ' ')).toBe(fr);
  });

  it('has date and time in full beside it', () => {
    expect(fullTime('2026-06-15T12:00:00Z', 'en-GB')).toMatch(/^15 Jun 2026, \d\d:00$/);
  });
});

describe('the times that snoozing offers', () => {
  it.each([
    { day: 'a Wednesday morning', now: [2026, 5, 17, 9], offered: ['17 10', '17 18', '18 9', '22 9'] },
    { day: 'a Wednesday evening', now: [2026, 5, 17, 20], offered: ['17 21', '18 9', '22 9'] },
    { day: 'a Monday', now: [2026, 5, 15, 9], offered: ['15 10', '15 18', '16 9', '22 9'] },
    { day: 'a Sunday, whose tomorrow is Monday', now: [2026, 5, 21, 18], offered: ['21 19', '22 9'] },
  ])('are ahead and differ on $day', ({ now, offered }) => {
    const [year, month, day, hour] = now as [number, number, number, number];
    const times = snoozeTimes(new Date(year, month, day, hour));
    expect(times.map(({ until }) => `${until.getDate()} ${until.getHours()}`)).toEqual(offered);
  });
});
