import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { parsePart } from '../../contracts/parse.js';
import { audience, manyRecipients, sourcesOf } from '../../contracts/audience.js';
import { anyTrigger, broadcastCreate, countsOf } from '../../contracts/broadcasts.js';
import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import { notificationStatuses } from '../../contracts/statuses.js';

const trigger = (to: unknown) => ({ type: 'system', content: { in_app: { title: 'A', message: 'B' } }, to });
const campaign = (more: object) => ({ name: 'News', ...trigger(undefined), to: undefined, ...more });
const people = (count: number) => Array.from({ length: count }, (_, at) => `u-${at}`);

function errorsOf(schema: z.ZodType, value: unknown): readonly ErrorItem[] {
  try {
    parsePart(schema, value);
  } catch (error) {
    if (error instanceof CarillonError && error.errors) return error.errors;
    throw error;
  }
  return [];
}

const pathsOf = (schema: z.ZodType, value: unknown) => errorsOf(schema, value).map(({ path }) => path);

describe('to of a trigger', () => {
  it.each<[string, object]>([
    ['one recipient', { recipient: 'u-1' }],
    ['a thousand recipients', { recipients: people(1_000) }],
    ['people brought along and bare addresses', { recipients: [{ id: 'u-1' }, { email: 'a@example.com' }] }],
    ['a role', { role: 'editors' }],
    ['roles and topics', { roles: ['a', 'b'], topics: ['c'] }],
    ['everyone', { everyone: true }],
    [
      'all of these',
      { recipients: ['u-1'], role: 'a', roles: ['b'], topic: 'c', topics: ['d'], everyone: true },
    ],
  ])('may be %s', (_what, to) => {
    expect(anyTrigger.parse(trigger(to)).to).toEqual(to);
  });

  it.each<[string, unknown, string]>([
    ['1,001 recipients', { recipients: people(1_001) }, 'to.recipients'],
    ['no recipients', { recipients: [] }, 'to.recipients'],
    ['a recipient who is none', { recipients: ['u-1', { name: 'Ann' }] }, 'to.recipients.1'],
    ['an address that is none', { recipients: [{ email: 'nobody' }] }, 'to.recipients.0.email'],
    ['nobody', {}, 'to'],
    ['nothing', undefined, 'to'],
    ['a text', 'u-1', 'to'],
    ['an unknown field', { role: 'a', people: ['u-1'] }, 'to.people'],
    ['a filter, which is for broadcasts', { everyone: true, filter: { locale: 'fr' } }, 'to.filter'],
    ['one recipient and many', { recipient: 'u-1', recipients: ['u-2'] }, 'to.recipients'],
    ['everyone but not', { everyone: false }, 'to.everyone'],
    ['no roles', { roles: [] }, 'to.roles'],
  ])('may not be %s', (_what, to, path) => {
    expect(pathsOf(anyTrigger, trigger(to))).toEqual([path]);
  });
});

describe('a broadcast', () => {
  it('is a draft without to and audience, behind what people wait for', () => {
    expect(broadcastCreate.parse(campaign({}))).toMatchObject({ name: 'News', priority: 'low' });
  });

  it('takes the milliseconds of spreadOver', () => {
    expect(broadcastCreate.parse(campaign({ spreadOver: 'PT2H' })).spreadOver).toBe(7_200_000);
  });

  it('refuses both to and audience, and says which of them is too many', () => {
    expect(errorsOf(broadcastCreate, campaign({ to: { role: 'a' }, audience: { role: 'a' } }))).toEqual([
      { path: 'audience', message: 'and "to" are two names for the same: give one' },
    ]);
  });

  it.each<[string, object, string]>([
    ['no name', { name: undefined }, 'name'],
    ['less than a minute to spread over', { spreadOver: 'PT59S' }, 'spreadOver'],
    ['a recurrence', { schedule: { cron: '0 9 * * 1' } }, 'schedule'],
    ['1,001 of its own', { audience: { recipients: people(1_001) } }, 'audience.recipients'],
    ['an audience of nobody', { audience: {} }, 'audience'],
    [
      'a bare address in its audience',
      { audience: { recipients: [{ email: 'a@b.fr' }] } },
      'audience.recipients.0',
    ],
    ['an unknown field', { audience: { role: 'a' }, rate: 5 }, 'rate'],
  ])('refuses %s', (_what, more, path) => {
    const [found = ''] = pathsOf(broadcastCreate, campaign(more));
    expect(found.startsWith(path)).toBe(true);
  });
});

describe('the sources of an audience', () => {
  const nothing = { list: false, roles: [], topics: [], everyone: false };

  it('are its roles and topics by either name, each once', () => {
    const given = manyRecipients.parse({ role: 'a', roles: ['a', 'b'], topic: 'c', topics: ['d', 'c'] });
    expect(sourcesOf(given)).toEqual({ ...nothing, roles: ['a', 'b'], topics: ['c', 'd'] });
  });

  it('are its own list', () => {
    expect(sourcesOf(manyRecipients.parse({ recipients: ['u-1'] }))).toEqual({ ...nothing, list: true });
  });

  it('are everyone for a filter alone', () => {
    const filter = { locale: 'fr' };
    expect(sourcesOf(audience.parse({ filter }))).toEqual({ ...nothing, everyone: true, filter });
  });

  it.each([{ recipients: ['u-1'] }, { role: 'a' }, { topics: ['b'] }])(
    'are not everyone for a filter beside %o',
    (one) => {
      const given = audience.parse({ ...one, filter: { locale: 'fr' } });
      expect(sourcesOf(given)).toMatchObject({ everyone: false, filter: { locale: 'fr' } });
    },
  );
});

describe('the counts of a broadcast', () => {
  it('add up to the number of its notifications, whatever their statuses', () => {
    const statuses = fc.array(fc.constantFrom(...notificationStatuses), { maxLength: 60 });
    fc.assert(
      fc.property(statuses, (given) => {
        const byStatus = new Map(
          notificationStatuses.map((status) => [status, given.filter((one) => one === status).length]),
        );
        const counts = Object.values(countsOf(byStatus));
        expect(counts.reduce((one, other) => one + other, 0)).toBe(given.length);
      }),
    );
  });

  it('are zeros where there is none', () => {
    expect(new Set(Object.values(countsOf(new Map())))).toEqual(new Set([0]));
  });
});
