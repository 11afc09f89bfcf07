import { randomBytes } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { suppressionReasons } from '../../contracts/suppressions.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import { explainer, type Explained } from '../support/explained.js';
import { withDatabase } from '../support/servers.js';

let mongo: Connection;
let models: Models;
let explain: (query: () => Promise<unknown>) => Promise<Explained[]>;
let tenant: string;
let count = 0;

beforeAll(async () => {
  const uri = withDatabase(inject('mongodbUri'), `suppressions_${randomBytes(4).toString('hex')}`);
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
beforeEach(() => {
  tenant = `t-${(count += 1)}`;
});

const bounced = { channel: 'email', reason: 'bounced', address: 'ann@example.com' } as const;
const unsubscribed = { ...bounced, reason: 'unsubscribed' } as const;
const stops = async (address: string) => {
  const vault = await models.dataKeys.vault(tenant);
  return (
    (await models.suppressions.ofAddresses(tenant, [vault.hash(address)])).get(vault.hash(address)) ?? []
  );
};

describe('a suppression', () => {
  it('is one for its address, channel, category and reason, however often it is told', async () => {
    const told = { ...bounced, detail: '550 5.1.1', deliveryId: 'ntf_1-email' };
    expect(await models.suppressions.add(tenant, [told])).toBe(1);
    expect(await models.suppressions.add(tenant, [{ ...told, deliveryId: 'ntf_2-email' }, told])).toBe(0);
    expect((await models.suppressions.list(tenant, { limit: 10 })).items).toEqual([
      expect.objectContaining({ ...told, category: null, actor: null }),
    ]);
  });

  it('is told once by many at the same time', async () => {
    const added = await Promise.all(
      Array.from({ length: 10 }, () => models.suppressions.add(tenant, [bounced])),
    );
    expect(added.reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it('stands beside others of the same address', async () => {
    const others = [bounced, unsubscribed, { ...unsubscribed, category: 'contracts' }];
    expect(await models.suppressions.add(tenant, others)).toBe(3);
    expect(await stops('ann@example.com')).toHaveLength(3);
  });

  it('finds an address however it is written', async () => {
    await models.suppressions.add(tenant, [bounced]);
    expect(await stops(' Ann@Example.com ')).toEqual([{ channel: 'email', reason: 'bounced' }]);
    expect(await stops('bob@example.com')).toEqual([]);
  });

  it('is its tenant’s alone', async () => {
    await models.suppressions.add('another', [bounced]);
    expect(await stops('ann@example.com')).toEqual([]);
    const [{ id } = { id: '' }] = (await models.suppressions.list('another', { limit: 1 })).items;
    expect(await models.suppressions.remove(tenant, id)).toBeUndefined();
  });

  it('ends with its removal, and the others stay', async () => {
    const { suppression } = await models.suppressions.addOne(tenant, bounced);
    await models.suppressions.add(tenant, [unsubscribed]);
    expect(await models.suppressions.remove(tenant, suppression.id)).toEqual(suppression);
    expect(await models.suppressions.remove(tenant, suppression.id)).toBeUndefined();
    expect(await stops('ann@example.com')).toEqual([{ channel: 'email', reason: 'unsubscribed' }]);
  });

  it('of an unsubscribe is taken back with its category and with everything, and with no other', async () => {
    await models.suppressions.add(tenant, [
      bounced,
      unsubscribed,
      { ...unsubscribed, category: 'contracts' },
      { ...unsubscribed, category: 'marketing' },
    ]);
    const link = { channel: 'email', address: 'ann@example.com', category: 'contracts' } as const;
    await models.suppressions.resubscribe(tenant, link);
    await models.suppressions.resubscribe(tenant, link);
    expect((await stops('ann@example.com')).sort((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual([
      { channel: 'email', reason: 'bounced' },
      { channel: 'email', reason: 'unsubscribed', category: 'marketing' },
    ]);
  });

  it('leaves no address readable in the database', async () => {
    await models.suppressions.add(tenant, [bounced]);
    const rows = await mongo.collection('suppressions').find({ tenantId: tenant }).toArray();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/ann@|example\.com/i);
  });
});

describe('among many', () => {
  const PEOPLE = 500;
  const limit = 20;
  const address = (at: number) => `u-${at}@example.com`;
  beforeEach(async () => {
    for (const each of [tenant, `${tenant}-b`]) {
      await models.suppressions.add(
        each,
        Array.from({ length: PEOPLE }, (_each, at) => ({
          channel: at % 2 === 0 ? ('email' as const) : ('sms' as const),
          reason: suppressionReasons[at % suppressionReasons.length] ?? 'manual',
          address: address(at),
        })),
      );
    }
  });

  it('a chunk of addresses is looked up in one query that reads the index alone', async () => {
    const vault = await models.dataKeys.vault(tenant);
    const hashes = Array.from({ length: 100 }, (_each, at) => vault.hash(address(at * 10)));
    expect((await models.suppressions.ofAddresses(tenant, hashes)).size).toBe(50);
    const looks = await explain(() => models.suppressions.ofAddresses(tenant, hashes));
    expect(looks).toHaveLength(1);
    for (const { stages, keys, docs } of looks) {
      expect(stages).toContain('PROJECTION_COVERED');
      expect(docs).toBe(0);
      expect(keys).toBeLessThanOrEqual(201);
    }
  });

  it.each([
    ['all', {}, limit + 2],
    ['a channel’s', { channel: 'sms' } as const, limit + 2],
    ['a reason’s', { reason: 'manual' } as const, limit + 2],
    ['an address’s', { address: address(7) }, 2],
  ])('%s are listed from an index', async (_what, filter, most) => {
    const first = await models.suppressions.list(tenant, { ...filter, limit });
    expect(first.items.length).toBe('address' in filter ? 1 : limit);
    for (const { stages, docs } of await explain(() =>
      models.suppressions.list(tenant, { ...filter, limit }),
    )) {
      expect(stages).toContain('IXSCAN');
      expect(docs).toBeLessThanOrEqual(most);
    }
  });
});
