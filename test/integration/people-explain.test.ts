import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AudienceFilter } from '../../contracts/audience-filter.js';
import { writeIdCursor } from '../../models/cursor.js';
import { erasureSteps } from '../../models/erasing.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import { explainer, type Explained } from '../support/explained.js';
import { withDatabase } from '../support/servers.js';

// The queries over many people, as the models send them, explained by the real MongoDB over three tenants.
const PEOPLE = 1000;
const TOPICS = 20;
const limit = 20;
const later = new Date(Date.now() + 3_600_000);

let mongo: Connection;
let models: Models;
let explain: (query: () => Promise<unknown>) => Promise<Explained[]>;

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `people_${randomBytes(4).toString('hex')}`);
  mongo = mongoose.createConnection(uri, { monitorCommands: true, autoIndex: false, autoCreate: false });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
  await buildIndexes(mongo);
  const ids = Array.from({ length: PEOPLE }, (_each, at) => `u-${String(at).padStart(4, '0')}`);
  for (const tenant of ['a', 'b', 'c']) {
    await models.subscribers.upsertMany(
      tenant,
      ids.map((id, at) => ({
        id,
        fields: {
          locale: at % 2 === 0 ? 'fr' : 'en',
          timezone: 'Europe/Paris',
          roles: at % 10 === 0 ? ['legal', 'sales'] : at % 10 === 1 ? ['sales'] : [],
          attributes: {
            seats: at,
            tags: [`t${at % 7}`, `t${at % 11}`],
            ...(at % 100 === 0 ? { rare: true } : {}),
          },
        },
      })),
    );
    for (let topic = 0; topic < TOPICS; topic += 1) {
      await models.topicMembers.change(tenant, `topic ${topic}`, { add: ids.slice(0, 300), remove: [] });
    }
  }
  await models.preferences.change('a', 'u-0001', (current) => ({ ...current, channels: { email: false } }));
  await mongo.collection('notifications').insertMany(
    ids.flatMap((recipientId, at) =>
      ['a', 'b'].map((tenantId) => ({
        _id: `${tenantId}/n${at}` as never,
        tenantId,
        recipientId,
        purgeAt: new Date('2099-01-01T00:00:00Z'),
        ...(at % 10 === 0 ? { waiting: true } : {}),
      })),
    ),
  );
  explain = explainer(mongo);
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

/** Answers in the index's order, from no more rows than `most`. */
async function expectWalk(query: () => Promise<unknown>, most: number): Promise<void> {
  for (const { stages, keys, docs } of await explain(query)) {
    expect(
      stages.some((stage) => /IXSCAN|IDHACK|COUNT_SCAN/.test(stage)),
      stages.join(),
    ).toBe(true);
    expect(stages).not.toContain('COLLSCAN');
    expect(stages).not.toContain('SORT');
    expect(Math.max(keys, docs), stages.join()).toBeLessThanOrEqual(most);
  }
}

describe('people for a broadcast', () => {
  const from = (afterId: string | undefined, roles?: string[], filter?: AudienceFilter) => () =>
    models.subscribers.idsAfter('a', { roles, filter }, afterId, limit, later);

  it.each<[string, string[] | undefined, AudienceFilter | undefined, number]>([
    ['all', undefined, undefined, limit + 2],
    ['of a role', ['legal'], undefined, limit + 2],
    // One walk per role, merged.
    ['of several roles', ['legal', 'sales'], undefined, 2 * limit + 4],
    [
      'of a hundred roles',
      Array.from({ length: 100 }, (_each, at) => `r${at}`).concat('sales'),
      undefined,
      300,
    ],
    ['with a value', undefined, { locale: 'fr' }, limit + 2],
    ['with an element', undefined, { 'attributes.tags': 't3' }, limit + 2],
    ['with one of several values', undefined, { 'attributes.tags': { in: ['t3', 't4'] } }, 2 * limit + 4],
    [
      'with one of a hundred values',
      undefined,
      { 'attributes.seats': { in: Array.from({ length: 100 }, (_each, at) => at * 10) } },
      300,
    ],
    // What goes by an index finds few others in between.
    ['with two values', undefined, { locale: 'fr', timezone: 'Europe/Paris' }, PEOPLE],
    ['with a value within a range', undefined, { 'attributes.seats': { gte: 500 }, locale: 'fr' }, PEOPLE],
    ['with a value and lists', undefined, { 'attributes.tags': { in: ['t1', 't2'] }, locale: 'fr' }, PEOPLE],
    [
      'with a value and something else',
      undefined,
      { 'attributes.rare': { exists: true }, locale: 'fr' },
      PEOPLE,
    ],
    [
      'with lists',
      undefined,
      { 'attributes.tags': { in: ['t1', 't2'] }, locale: { in: ['fr', 'de'] } },
      PEOPLE,
    ],
    ['of a role with a value', ['legal'], { locale: 'fr' }, PEOPLE],
    ['of a role in a range', ['legal'], { 'attributes.seats': { gte: 500 } }, PEOPLE],
    // These look through the tenant's people in the order of their IDs.
    ['in a range', undefined, { 'attributes.seats': { gte: 500, lt: 900 } }, PEOPLE + 2],
    [
      'in a range and a list',
      undefined,
      { 'attributes.seats': { gte: 500 }, locale: { in: ['fr', 'en'] } },
      PEOPLE + 2,
    ],
    ['with something', undefined, { 'attributes.rare': { exists: true } }, PEOPLE + 2],
    ['without something', undefined, { 'attributes.rare': { exists: false } }, PEOPLE + 2],
  ])('%s', async (_what, roles, filter, most) => {
    await expectWalk(from(undefined, roles, filter), most);
    await expectWalk(from('u-0500', roles, filter), most);
  });

  it('read at once', async () => {
    const ids = Array.from({ length: 100 }, (_each, at) => `u-${String(at).padStart(4, '0')}`);
    await expectWalk(() => models.subscribers.people('a', ids), 201);
    for (const { stages } of await explain(() => models.preferences.findMany('a', ids))) {
      expect(stages).toContain('IXSCAN');
    }
  });

  it.each(['locale', 'attributes.rare', 'attributes.nobody'])('known to carry %s', async (key) => {
    await expectWalk(() => models.subscribers.knowsFacet('a', key), 1);
  });

  it('known to have runs that wait', async () => {
    const ids = Array.from({ length: 500 }, (_each, at) => `u-${String(at).padStart(4, '0')}`);
    expect(await models.notifications.waitingAmong('a', ids)).toHaveLength(50);
    for (const { stages, docs } of await explain(() => models.notifications.waitingAmong('a', ids))) {
      expect(stages).not.toContain('COLLSCAN');
      expect(docs).toBeLessThanOrEqual(50);
    }
  });
});

describe('a topic’s members', () => {
  it.each<[string, () => Promise<unknown>, number]>([
    ['a page', () => models.topicMembers.list('a', 'topic 7', { limit }), limit + 2],
    [
      'a later page',
      () => models.topicMembers.list('a', 'topic 7', { limit, cursor: writeIdCursor('u-0100') }),
      limit + 2,
    ],
    [
      'for a broadcast',
      () => models.topicMembers.idsAfter('a', 'topic 7', undefined, limit, later),
      limit + 2,
    ],
    [
      'for its next page',
      () => models.topicMembers.idsAfter('a', 'topic 7', 'u-0100', limit, later),
      limit + 2,
    ],
    ['by person', () => models.topicMembers.topicsOf('a', 'u-0001'), TOPICS + 1],
    // Each topic's first row, then each topic's count.
    ['by topic', () => models.topicMembers.topics('a', { limit }), 301],
    ['of a person who goes', () => models.topicMembers.removePerson('c', 'u-0001'), TOPICS + 1],
  ])('%s', async (_what, query, most) => {
    await expectWalk(query, most);
  });
});

describe('an erasure, and an export', () => {
  const person = { tenantId: 'c', recipientId: 'u-0005', ids: ['u-0005', 'address_x'], addressHashes: ['x'] };

  it.each(erasureSteps.map((step, at) => [at, step] as const))(
    'reads no collection from end to end in step %i',
    async (_at, step) => {
      for (const { stages } of await explain(() => models.personRows.erase(step, person)))
        expect(stages).not.toContain('COLLSCAN');
    },
  );

  it('finds by an index by what else a person is known, and whether they are erased', async () => {
    const asked = await explain(async () => {
      await models.personRows.identify('c', 'u-0007');
      await models.personRows.holdsAny('c', 'u-0007');
      await models.erasures.begin({ ...person, recipientId: 'u-0007' }, 'key:x');
      await models.erasures.erasedAmong('c', ['u-0007', 'u-0008']);
      await models.erasures.latestOf('c', 'u-0007');
      await models.erasures.isAnyRunning('c');
      await models.erasures.list('c', { recipient: 'u-0007', limit }, (row) => row);
      for (const name of ['digests', 'digestItems', 'audiences', 'outboundEvents'] as const)
        for await (const _row of models.personRows.each(name, person));
      for await (const _row of models.personRows.suppressions(person));
    });
    expect(asked.length).toBeGreaterThan(15);
    for (const { stages } of asked) expect(stages).not.toContain('COLLSCAN');
  });
});
