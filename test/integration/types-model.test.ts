import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ownType } from '../../contracts/notification-types.js';
import { noPreferences } from '../../contracts/preferences.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import { EVERY_TENANT } from '../../models/notification-types.js';
import { TypeRegistry } from '../../templates/type-registry.js';
import { explainer, type Explained } from '../support/explained.js';
import { withDatabase } from '../support/servers.js';

let mongo: Connection;
let models: Models;
let explain: (query: () => Promise<unknown>) => Promise<Explained[]>;
let tenant: string;
let count = 0;

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `types_${randomBytes(4).toString('hex')}`);
  mongo = mongoose.createConnection(uri, { monitorCommands: true, autoIndex: false, autoCreate: false });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
  await buildIndexes(mongo);
  explain = explainer(mongo);
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});
beforeEach(async () => {
  tenant = `t-${(count += 1)}`;
  await models.tenants.create({ id: tenant, name: 'Acme', timezone: 'UTC', locale: 'en' });
});

const own = ownType.parse({ category: 'billing' });

describe('stored types', () => {
  it('are the tenant’s behind those of all tenants, and nobody else’s', async () => {
    const { notificationTypes: types } = models;
    await types.put(tenant, 'invoice_due', { own });
    await types.put(tenant, 'mention', { override: { critical: true } });
    await types.put(EVERY_TENANT, 'mention', { override: { severity: 'error' } });
    await types.put('t-other', 'secret', { own });
    expect((await types.list(tenant)).map(({ name, forAll }) => [name, forAll])).toEqual([
      ['mention', true],
      ['invoice_due', false],
      ['mention', false],
    ]);
    expect(await types.find(tenant, 'secret')).toBeUndefined();
    expect(await types.count(tenant, 10)).toBe(2);
    expect(await types.count(tenant, 1)).toBe(1);
    await types.remove(EVERY_TENANT, 'mention');
  });

  it('answer what stood there before, and read back as they were written', async () => {
    const { notificationTypes: types } = models;
    expect(await types.put(tenant, 'invoice_due', { own })).toBeUndefined();
    expect(await types.put(tenant, 'invoice_due', { own: { ...own, critical: true } })).toMatchObject({
      own,
    });
    expect(await types.remove(tenant, 'invoice_due')).toMatchObject({ own: { critical: true } });
    expect(await types.remove(tenant, 'invoice_due')).toBeUndefined();
  });

  it('count each change for the tenant, or for all of them, after it is written', async () => {
    const { notificationTypes: types } = models;
    const other = `${tenant}-b`;
    await models.tenants.create({ id: other, name: 'Other', timezone: 'UTC', locale: 'en' });
    const versions = () => Promise.all([types.version(tenant), types.version(other)]);
    const [first = 0, second = 0] = await versions();
    await types.put(tenant, 'mention', { override: {} });
    expect(await versions()).toEqual([first + 1, second]);
    await types.put(EVERY_TENANT, 'mention', { override: {} });
    await types.remove(EVERY_TENANT, 'mention');
    expect(await versions()).toEqual([first + 3, second + 2]);
    await types.remove(tenant, 'no_such');
    expect(await versions()).toEqual([first + 3, second + 2]);
    expect(await types.version('t-nobody')).toBeUndefined();
  });

  it('are known in another process by the next who has read the tenant', async () => {
    const registries = [0, 1].map(() => new TypeRegistry(models.notificationTypes, models.templates));
    const severities = async () => {
      const { typesVersion } = (await models.tenants.find(tenant)) ?? {};
      return Promise.all(
        registries.map(async (types) => (await types.of(tenant, typesVersion)).find('mention')?.severity),
      );
    };
    expect(await severities()).toEqual(['info', 'info']);
    await models.notificationTypes.put(tenant, 'mention', { override: { severity: 'error' } });
    expect(await severities()).toEqual(['error', 'error']);
  });
});

describe('what is read for each notification', () => {
  it('costs one look by key for a person’s preferences, and none by a scan for types', async () => {
    await models.preferences.change(tenant, 'u-1', () => noPreferences);
    const read = await explain(() => models.preferences.find(tenant, 'u-1'));
    expect(read).toHaveLength(1);
    const listed = await explain(() => models.notificationTypes.list(tenant));
    for (const { stages } of [...read, ...listed]) expect(stages).not.toContain('COLLSCAN');
    for (const { stages } of listed) expect(stages).toContain('IXSCAN');
  });
});
