import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  audienceFilter,
  type AudienceFilter,
  type FilterCondition,
} from '../../contracts/audience-filter.js';
import { noPreferences } from '../../contracts/preferences.js';
import type { AttributeValue, SubscriberFields } from '../../contracts/subscribers.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import { byBytes } from '../../policy/audience-page.js';
import { matchesFilter } from '../../policy/audience-filter.js';
import { withDatabase } from '../support/servers.js';
import { howMany } from '../support/long-tests.js';

let mongo: Connection;
let models: Models;
/** A tenant of its own for each test. */
let tenant: string;
const later = new Date(Date.now() + 3_600_000);

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `models_${randomBytes(4).toString('hex')}`);
  mongo = mongoose.createConnection(uri, { autoIndex: false, autoCreate: false, ignoreUndefined: true });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
  await buildIndexes(mongo);
});
beforeEach(() => {
  tenant = `t${randomBytes(5).toString('hex')}`;
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

const matching = (filter?: AudienceFilter, roles?: string[]) =>
  models.subscribers.idsAfter(tenant, { filter, roles }, undefined, 10_000, later);

// Few values, so that people and filters meet often; among them those that orders differ about.
const text = fc.constantFrom('', '$locale', 'a', 'b', 'B', 'aa', 'é', '\uffee', '\u{1f600}', '1', 'true');
const number = fc.constantFrom(-1.5, -0, 0, 1, 2, 1e300, 2 ** 31, 2 ** 53);
const scalar = fc.oneof(text, number, fc.boolean());
const attribute: fc.Arbitrary<AttributeValue> = fc.oneof(scalar, fc.array(text, { maxLength: 3 }));
const attributes = fc.dictionary(fc.constantFrom('x', 'y', 'constructor'), attribute, {
  noNullPrototype: true,
});
const locale = fc.option(fc.constantFrom('fr', 'fr-CA', 'en'), { nil: undefined });
const timezone = fc.option(fc.constantFrom('Europe/Paris', 'UTC'), { nil: undefined });
const fields: fc.Arbitrary<SubscriberFields> = fc.record({ locale, timezone, attributes });

const rangeOf = (bound: fc.Arbitrary<string | number>) =>
  fc
    .record({ gt: bound, gte: bound, lt: bound, lte: bound }, { requiredKeys: [] })
    .filter((range) => Object.keys(range).length > 0);
const condition: fc.Arbitrary<FilterCondition> = fc.oneof(
  scalar,
  fc.constantFrom('fr', 'UTC'),
  fc
    .array(fc.oneof(scalar, fc.constantFrom('fr', 'UTC')), { minLength: 1, maxLength: 4 })
    .map((list) => ({ in: list })),
  fc.boolean().map((exists) => ({ exists })),
  rangeOf(text),
  rangeOf(number),
);
const filter: fc.Arbitrary<AudienceFilter> = fc.dictionary(
  fc.constantFrom('locale', 'timezone', 'attributes.x', 'attributes.y', 'attributes.constructor'),
  condition,
  { minKeys: 1, maxKeys: 3, noNullPrototype: true },
);

describe('an audience filter', () => {
  it('finds whom the pure rule matches, whoever they are', async () => {
    const property = fc.asyncProperty(
      fc.array(fields, { minLength: 1, maxLength: 12 }),
      fc.array(filter, { minLength: 1, maxLength: 12 }),
      async (people, filters) => {
        tenant = `t${randomBytes(5).toString('hex')}`;
        await models.subscribers.upsertMany(
          tenant,
          people.map((person, at) => ({ id: `u-${at}`, fields: person })),
        );
        for (const each of filters) {
          expect(audienceFilter.parse(each)).toEqual(each);
          const expected = people.flatMap((person, at) => (holds(each, person) ? [`u-${at}`] : []));
          expect(await matching(each), JSON.stringify(each)).toEqual(expected.sort(byBytes));
        }
      },
    );
    await fc.assert(property, { numRuns: howMany({ short: 50, long: 500 }) });
  });

  // However somebody came to be what they are.
  it.each<[string, (first: SubscriberFields, second: SubscriberFields) => Promise<unknown>]>([
    ['create', (_first, second) => models.subscribers.create(tenant, 'u', second)],
    [
      'replace',
      async (first, second) => {
        await models.subscribers.create(tenant, 'u', first);
        await models.subscribers.replace(tenant, 'u', second);
      },
    ],
    [
      'patch',
      async (first, second) => {
        await models.subscribers.replace(tenant, 'u', first);
        await models.subscribers.patch(tenant, 'u', nulled(second));
      },
    ],
    [
      'upsert',
      async (first, second) => {
        await models.subscribers.upsert(tenant, 'u', first);
        await models.subscribers.upsert(tenant, 'u', nulled(second));
      },
    ],
  ])('knows what %s left', async (_what, write) => {
    const property = fc.asyncProperty(
      fields,
      fields,
      fc.array(filter, { minLength: 5, maxLength: 5 }),
      async (first, second, filters) => {
        tenant = `t${randomBytes(5).toString('hex')}`;
        await write(first, second);
        for (const each of filters) {
          expect(await matching(each), JSON.stringify(each)).toEqual(holds(each, second) ? ['u'] : []);
        }
      },
    );
    await fc.assert(property, { numRuns: howMany({ short: 15, long: 150 }) });
  });

  it('keeps up with changes made at once', async () => {
    await models.subscribers.create(tenant, 'u', {});
    await Promise.all([
      models.subscribers.patch(tenant, 'u', { locale: 'fr' }),
      models.subscribers.patch(tenant, 'u', { timezone: 'UTC' }),
      models.subscribers.patch(tenant, 'u', { attributes: { x: 1 } }),
    ]);
    expect(await matching({ locale: 'fr', timezone: 'UTC', 'attributes.x': 1 })).toEqual(['u']);
  });

  it('is known to be about something that somebody carries', async () => {
    await models.subscribers.create(tenant, 'u', { locale: 'fr', attributes: { x: [], y: ['a'] } });
    const known = (key: string) => models.subscribers.knowsFacet(tenant, key);
    expect(await Promise.all(['locale', 'timezone', 'attributes.x', 'attributes.y'].map(known))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    await models.subscribers.remove(tenant, 'u');
    expect(await known('locale')).toBe(false);
  });
});

/** What a person who has this and nothing else is filtered by. */
function holds(by: AudienceFilter, { locale, timezone, attributes = {} }: SubscriberFields): boolean {
  return matchesFilter(by, { locale: locale ?? undefined, timezone: timezone ?? undefined, attributes });
}

/** A change after which nothing else is left. */
function nulled({ locale, timezone, attributes }: SubscriberFields): SubscriberFields {
  return { locale: locale ?? null, timezone: timezone ?? null, attributes };
}

describe('people for a broadcast', () => {
  it('come in byte order, in pages without gaps or repeats', async () => {
    const ids = ['u-2', 'u-10', 'u-1', 'Zoë', 'zoe', 'a/b', 'a', '\uffee', '\u{1f600}', '0', '~'];
    await models.subscribers.upsertMany(
      tenant,
      ids.map((id) => ({ id, fields: {} })),
    );
    await models.subscribers.create(`${tenant}0`, 'other', {});
    await models.subscribers.create(`${tenant}.b`, 'other', {});
    const found: string[] = [];
    for (let page: string[] | undefined; page === undefined || page.length === 3;) {
      page = await models.subscribers.idsAfter(tenant, {}, found.at(-1), 3, later);
      found.push(...page);
    }
    expect(found).toEqual(ids.sort(byBytes));
  });

  it('are those with one of the roles, once each', async () => {
    await models.subscribers.create(tenant, 'u-1', { roles: ['legal', 'sales'] });
    await models.subscribers.create(tenant, 'u-2', { roles: ['sales'], locale: 'fr' });
    await models.subscribers.create(tenant, 'u-3', { roles: ['hr'], locale: 'fr' });
    expect(await matching(undefined, ['legal', 'sales'])).toEqual(['u-1', 'u-2']);
    expect(await matching({ locale: 'fr' }, ['legal', 'sales'])).toEqual(['u-2']);
    expect(await matching({ locale: { exists: true } }, ['legal', 'sales'])).toEqual(['u-2']);
    expect(await matching(undefined, ['nobody'])).toEqual([]);
  });

  it('were there when it began', async () => {
    await models.subscribers.create(tenant, 'u-1', {});
    const began = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await models.subscribers.create(tenant, 'u-2', {});
    await models.subscribers.patch(tenant, 'u-1', { locale: 'fr' });
    expect(await models.subscribers.idsAfter(tenant, {}, undefined, 10, began)).toEqual(['u-1']);
  });

  it('are read at once, with opened addresses and what they want', async () => {
    const whole = { email: 'ann@example.com', phone: '+33612345678', pushTokens: ['t-1'], locale: 'fr' };
    await models.subscribers.create(tenant, 'u-1', { ...whole, roles: ['legal'], attributes: { seats: 3 } });
    await models.subscribers.create(tenant, 'u-2', {});
    await models.preferences.change(tenant, 'u-2', (current) => ({ ...current, channels: { email: false } }));
    const ids = ['u-1', 'u-2', 'u-nobody'];
    const people = await models.subscribers.people(tenant, ids);
    expect([...people.keys()].sort()).toEqual(['u-1', 'u-2']);
    expect(people.get('u-1')).toEqual({
      contact: {
        id: 'u-1',
        hasInbox: true,
        ...whole,
        attributes: { seats: 3 },
        roles: ['legal'],
        timezone: undefined,
      },
      roles: ['legal'],
      attributes: { seats: 3 },
    });
    expect(people.get('u-1')?.contact).toEqual(await models.subscribers.contact(tenant, 'u-1'));
    const preferences = await models.preferences.findMany(tenant, ids);
    expect([...preferences]).toEqual([['u-2', { ...noPreferences, channels: { email: false } }]]);
  });
});

describe('the IDs at Slack and Teams and the webhook’s URL', () => {
  const places = { slackUserId: 'U01ANN', teamsUserId: 'T01ANN', webhookUrl: 'https://ann.example/in' };
  const none = { slackUserId: null, teamsUserId: null, webhookUrl: null };
  const stored = async () =>
    JSON.stringify(await mongo.collection('subscribers').findOne({ tenantId: tenant }));
  /** As earlier versions wrote them. */
  const inTheClear = async () => {
    await models.subscribers.create(tenant, 'u-1', {});
    const { slackUserId, teamsUserId } = places;
    await mongo
      .collection('subscribers')
      .updateOne({ tenantId: tenant }, { $set: { slackUserId, teamsUserId } });
  };

  it('are not readable in the database, and are where a message goes', async () => {
    await models.subscribers.create(tenant, 'u-1', places);
    expect(await stored()).not.toMatch(/01ANN|ann\.example/);
    expect(await models.subscribers.find(tenant, 'u-1')).toMatchObject(places);
    expect(await models.subscribers.contact(tenant, 'u-1')).toMatchObject({
      slackUserId: places.slackUserId,
      webhookUrl: places.webhookUrl,
    });
  });

  it('stay where they are not named, and go with null or with the whole', async () => {
    await models.subscribers.create(tenant, 'u-1', places);
    expect(await models.subscribers.patch(tenant, 'u-1', { locale: 'fr' })).toMatchObject(places);
    const left = await models.subscribers.patch(tenant, 'u-1', { slackUserId: null });
    expect(left).toMatchObject({ ...places, slackUserId: null });
    expect((await models.subscribers.replace(tenant, 'u-1', {})).subscriber).toMatchObject(none);
  });

  it('are read where an earlier version left them in the clear, and sealed once they are written', async () => {
    await inTheClear();
    const { slackUserId, teamsUserId } = places;
    expect(await models.subscribers.find(tenant, 'u-1')).toMatchObject({ slackUserId, teamsUserId });
    expect(await models.subscribers.contact(tenant, 'u-1')).toMatchObject({ slackUserId });
    expect(await models.subscribers.patch(tenant, 'u-1', places)).toMatchObject(places);
    expect(await stored()).not.toContain('01ANN');
  });

  it('go from there, too', async () => {
    await inTheClear();
    expect(await models.subscribers.patch(tenant, 'u-1', none)).toMatchObject(none);
    await models.subscribers.remove(tenant, 'u-1');
    await inTheClear();
    expect((await models.subscribers.replace(tenant, 'u-1', {})).subscriber).toMatchObject(none);
    expect(await stored()).not.toContain('01ANN');
  });
});

describe('people written at once', () => {
  it('are created or changed; what is not named stays', async () => {
    await models.subscribers.create(tenant, 'u-1', {
      email: 'ann@example.com',
      locale: 'fr',
      roles: ['legal'],
      attributes: { plan: 'pro', seats: 3 },
    });
    const done = await models.subscribers.upsertMany(tenant, [
      { id: 'u-1', fields: { locale: 'en', attributes: { seats: 4 } } },
      { id: 'u-2', fields: { email: 'bob@example.com' } },
      { id: 'u-2', fields: { timezone: 'UTC' } },
    ]);
    expect(done).toEqual({ inserted: 1, changed: 2, changedIds: ['u-1'] });
    expect(await models.subscribers.find(tenant, 'u-1')).toMatchObject({
      email: 'ann@example.com',
      locale: 'en',
      roles: ['legal'],
      attributes: { plan: 'pro', seats: 4 },
    });
    expect(await models.subscribers.find(tenant, 'u-2')).toMatchObject({
      email: 'bob@example.com',
      timezone: 'UTC',
      roles: [],
      attributes: {},
      pushTokens: [],
    });
    expect(await matching({ 'attributes.plan': 'pro', 'attributes.seats': 4, locale: 'en' })).toEqual([
      'u-1',
    ]);
  });

  it('may be nobody', async () => {
    expect(await models.subscribers.upsertMany(tenant, [])).toEqual({
      inserted: 0,
      changed: 0,
      changedIds: [],
    });
  });

  it('hold texts that begin like fields of the database', async () => {
    const attributes = { plan: '$email', path: '$$ROOT' };
    await models.subscribers.upsertMany(tenant, [{ id: '$id', fields: { attributes, roles: ['$roles'] } }]);
    expect(await models.subscribers.find(tenant, '$id')).toMatchObject({ attributes, roles: ['$roles'] });
    expect(await matching({ 'attributes.plan': '$email' }, ['$roles'])).toEqual(['$id']);
  });
});
