import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { MAX_VERSIONS, type TemplateKey } from '../../contracts/templates.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import { EVERY_TENANT } from '../../models/notification-types.js';
import { TypeRegistry } from '../../templates/type-registry.js';
import { explainer, type Explained } from '../support/explained.js';
import { withDatabase } from '../support/servers.js';

let mongo: Connection;
let models: Models;
let types: TypeRegistry;
let explain: (query: () => Promise<unknown>) => Promise<Explained[]>;
let tenant: string;
let count = 0;

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `templates_${randomBytes(4).toString('hex')}`);
  mongo = mongoose.createConnection(uri, { monitorCommands: true, autoIndex: false, autoCreate: false });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
  await buildIndexes(mongo);
  explain = explainer(mongo);
  types = new TypeRegistry(models.notificationTypes, models.templates);
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});
beforeEach(async () => {
  tenant = `t-${(count += 1)}`;
  await models.tenants.create({ id: tenant, name: 'Acme', timezone: 'UTC', locale: 'en' });
});

const key: TemplateKey = { kind: 'type', name: 'mention', channel: 'sms', locale: 'en' };
const made = { source: '{}', compiled: '{}', uses: [], createdBy: 'key:1' };
const add = (place = key, owner = tenant) => models.templateVersions.add(owner, place, made);
const publish = async (version: number, place = key, owner = tenant) => {
  const row = await models.templateVersions.find(owner, place, version);
  if (!row) throw new Error(`no version ${version}`);
  return models.templates.publish(owner, place, { id: row.id, version, by: 'key:1' });
};
const publishedId = async () => {
  const { typesVersion } = (await models.tenants.find(tenant)) ?? {};
  const wanted = { type: 'mention', channel: 'sms', locale: 'en', tenantLocale: 'en' } as const;
  return (await types.of(tenant, typesVersion)).templates.find(wanted, () => false)?.id;
};

describe('versions of a template', () => {
  it('are numbered from 1, each template by itself', async () => {
    expect((await add()).version).toBe(1);
    expect((await add()).version).toBe(2);
    expect((await add({ ...key, locale: 'fr' })).version).toBe(1);
    expect((await add({ ...key, topic: 'news/1' })).version).toBe(1);
  });

  it('have a number each where many are made at once', async () => {
    const rows = await Promise.all(Array.from({ length: 12 }, () => add()));
    expect(rows.map((row) => row.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    expect((await models.templates.find(tenant, key))?.latest).toBe(12);
  });

  it('are a thousand at most', async () => {
    await add();
    await mongo.collection('templates').updateOne({ tenantId: tenant }, { $set: { latest: MAX_VERSIONS } });
    await expect(add()).rejects.toMatchObject({ code: 'conflict' });
    expect((await add({ ...key, locale: 'fr' })).version).toBe(1);
  });

  it('are found by number and by ID, every tenant’s too, and never another tenant’s', async () => {
    const own = await add();
    const everyones = await add(key, EVERY_TENANT);
    expect((await models.templateVersions.find(tenant, key, 1))?.id).toBe(own.id);
    expect((await models.templateVersions.byId(tenant, own.id))?.id).toBe(own.id);
    expect((await models.templateVersions.byId(tenant, everyones.id))?.id).toBe(everyones.id);
    expect(await models.templateVersions.byId('t-other', own.id)).toBeUndefined();
    expect(await models.templateVersions.find('t-other', key, 1)).toBeUndefined();
  });

  it('are listed newest first, without what they hold', async () => {
    await Promise.all([add(), add(), add()]);
    const listed = await models.templateVersions.list(tenant, key, { limit: 2, before: 3 });
    expect(listed.map(({ version }) => version)).toEqual([2, 1]);
    expect(listed[0]).not.toHaveProperty('source');
  });
});

describe('publishing', () => {
  it('counts for the very next notification, and so does going back', async () => {
    const [first, second] = [await add(), await add()];
    expect(await publishedId()).toBeUndefined();
    await publish(1);
    expect(await publishedId()).toBe(first.id);
    await publish(2);
    expect(await publishedId()).toBe(second.id);
    await publish(1);
    expect(await publishedId()).toBe(first.id);
    await models.templates.withdraw(tenant, key, 'key:2');
    expect(await publishedId()).toBeUndefined();
    expect((await models.templates.find(tenant, key))?.publications).toMatchObject([
      { version: 1, by: 'key:1' },
      { version: 2 },
      { version: 1 },
      { version: null, by: 'key:2' },
    ]);
  });

  it('leaves one version published of many that are at once, and knows of all', async () => {
    await Promise.all([add(), add(), add(), add()]);
    await Promise.all([1, 2, 3, 4].map((version) => publish(version)));
    const row = await models.templates.find(tenant, key);
    expect(row?.published?.version).toBe(row?.publications.at(-1)?.version);
    expect(row?.publications.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4]);
  });

  it('the same once more changes nothing', async () => {
    await add();
    await publish(1);
    const before = await models.templates.find(tenant, key);
    await publish(1);
    expect(await models.templates.find(tenant, key)).toEqual(before);
  });

  it('for every tenant counts at each of them, also at those that come later', async () => {
    const everyones = await add({ ...key, name: 'report_ready' }, EVERY_TENANT);
    const wanted = { type: 'report_ready', channel: 'sms', locale: 'en', tenantLocale: 'en' } as const;
    const idAt = async (id: string) => {
      const { typesVersion } = (await models.tenants.find(id)) ?? {};
      return (await types.of(id, typesVersion)).templates.find(wanted, () => false)?.id;
    };
    expect(await idAt(tenant)).toBeUndefined();
    await publish(everyones.version, { ...key, name: 'report_ready' }, EVERY_TENANT);
    expect(await idAt(tenant)).toBe(everyones.id);
    await models.tenants.create({ id: `${tenant}-new`, name: 'New', timezone: 'UTC', locale: 'en' });
    expect(await idAt(`${tenant}-new`)).toBe(everyones.id);
  });
});

describe('the list of templates', () => {
  const names = async (filter: Partial<Parameters<Models['templates']['list']>[1]>) => {
    const shown: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await models.templates.list(
        tenant,
        { kind: 'type', limit: 2, ...filter, ...(cursor ? { cursor } : {}) },
        ({ name, channel, locale, topic }) => [name, channel, locale, topic].filter(Boolean).join(' '),
      );
      shown.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return shown;
  };

  it('is by key, page after page, whole and by each filter', async () => {
    await add({ ...key, locale: 'fr' });
    await add({ ...key, topic: 'news/2026/é' });
    await add({ ...key, name: 'mention_all', channel: 'email' });
    await add({ kind: 'partial', name: 'mention', locale: 'en' });
    await add();
    await publish(1);
    expect(await names({})).toEqual([
      'mention sms en',
      'mention sms en news/2026/é',
      'mention sms fr',
      'mention_all email en',
    ]);
    expect(await names({ name: 'mention' })).toHaveLength(3);
    expect(await names({ channel: 'email' })).toEqual(['mention_all email en']);
    expect(await names({ name: 'mention', locale: 'fr' })).toEqual(['mention sms fr']);
    expect(await names({ topic: 'news/2026/é' })).toEqual(['mention sms en news/2026/é']);
    expect(await names({ published: true })).toEqual(['mention sms en']);
    expect(await names({ published: false })).toHaveLength(3);
    expect(await names({ kind: 'partial' })).toEqual(['mention en']);
  });

  it('and every look-up go by an index', async () => {
    await add();
    await publish(1);
    const queries = [
      () => models.templates.list(tenant, { kind: 'type', limit: 5 }, (row) => row),
      () => models.templates.published(tenant),
      () => models.templateVersions.find(tenant, key, 1),
      () => models.templateVersions.list(tenant, key, { limit: 5 }),
      () => models.templateVersions.byId(tenant, 'tpv_1'),
    ];
    for (const query of queries) {
      for (const { stages } of await explain(query)) {
        expect(stages).not.toContain('COLLSCAN');
        expect(stages).not.toContain('SORT');
      }
    }
  });
});
