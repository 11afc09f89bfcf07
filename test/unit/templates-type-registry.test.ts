import { beforeEach, describe, expect, it } from 'vitest';
import { ownType, type StoredType } from '../../contracts/notification-types.js';
import { builtInTypes, findType } from '../../templates/built-in-types.js';
import { TypeRegistry, typesOf } from '../../templates/type-registry.js';

const own = (category: string) => ownType.parse({ category });
const row = (name: string, value: Partial<StoredType>): StoredType => ({
  name,
  forAll: false,
  own: undefined,
  override: undefined,
  ...value,
});

/** Stands for the database that all processes share. */
let stored: StoredType[];
let version: number | undefined;
let reads: string[];
const store = {
  version: () => Promise.resolve(version),
  list: (tenantId: string) => {
    reads.push(tenantId);
    return Promise.resolve([...stored]);
  },
};
const process = () => new TypeRegistry(store, { published: () => Promise.resolve([]) });
const change = (...rows: StoredType[]) => {
  stored = rows;
  version = (version ?? 0) + 1;
};
beforeEach(() => {
  stored = [];
  version = 0;
  reads = [];
});

describe('the types of a tenant', () => {
  it('are the built-in ones where it stored nothing', () => {
    const types = typesOf(0, []);
    expect(types.all).toEqual(builtInTypes);
    expect(types.find('mention')).toBe(findType('mention'));
    expect(types.sourceOf('mention')).toEqual({ origin: 'built_in', changed: [] });
    expect(types.find('constructor')).toBeUndefined();
    expect(types.sourceOf('no_such')).toBeUndefined();
  });

  it('have what the tenant changed over what the deployment changed over what is built in', () => {
    const types = typesOf(0, [
      row('mention', { forAll: true, override: { severity: 'warning', critical: true } }),
      row('mention', { override: { critical: false, icon: undefined } }),
    ]);
    expect(types.find('mention')).toEqual({ ...findType('mention'), severity: 'warning', critical: false });
    expect(types.sourceOf('mention')).toEqual({ origin: 'built_in', changed: ['critical', 'severity'] });
    expect(types.all).toHaveLength(builtInTypes.length);
  });

  it('are their own behind the built-in ones, and say whose they are', () => {
    const types = typesOf(0, [
      row('outage', { forAll: true, own: own('operations') }),
      row('invoice_due', { own: own('billing') }),
      row('outage', { override: { critical: true } }),
    ]);
    expect(types.all.slice(builtInTypes.length).map(({ name }) => name)).toEqual(['outage', 'invoice_due']);
    expect(types.find('invoice_due')).toMatchObject({
      category: 'billing',
      supportedChannels: expect.any(Array),
    });
    expect(types.find('outage')).toMatchObject({ category: 'operations', critical: true });
    expect(types.sourceOf('outage')).toEqual({ origin: 'deployment', changed: ['critical'] });
    expect(types.sourceOf('invoice_due')).toEqual({ origin: 'tenant', changed: [] });
  });

  it('stay the tenant’s where the deployment, or a later Carillon, brings one of the same name', () => {
    const types = typesOf(0, [
      row('outage', { forAll: true, own: own('operations') }),
      row('outage', { own: own('mine') }),
      row('mention', { own: own('mine') }),
    ]);
    expect(types.find('outage')?.category).toBe('mine');
    expect(types.find('mention')).toMatchObject({ category: 'mine', defaultChannels: ['in_app', 'email'] });
    expect(types.sourceOf('outage')).toEqual({ origin: 'tenant', changed: [] });
  });

  it('lack what was changed of a built-in type that is not brought any more', () => {
    expect(typesOf(0, [row('telegram', { override: { critical: true } })]).find('telegram')).toBeUndefined();
  });
});

describe('the registry', () => {
  it('reads a tenant’s types once as long as their version is the same', async () => {
    const types = process();
    const before = await types.of('acme', 0);
    expect(await types.of('acme', 0)).toBe(before);
    expect(await types.of('acme')).toBe(before);
    expect(reads).toEqual(['acme']);
    await types.of('other', 0);
    expect(reads).toEqual(['acme', 'other']);
  });

  it('has a change in every process for the very next who knows the version', async () => {
    const processes = [process(), process(), process()];
    for (const types of processes) await types.of('acme', version);
    change(row('mention', { override: { critical: true } }));
    for (const types of processes) {
      expect((await types.of('acme', version)).find('mention')?.critical).toBe(true);
    }
  });

  it('finds a type that was made a moment ago elsewhere, before it says that there is none', async () => {
    const types = process();
    expect(await types.find('acme', 'invoice_due')).toBeUndefined();
    change(row('invoice_due', { own: own('billing') }));
    expect((await types.find('acme', 'invoice_due'))?.category).toBe('billing');
    expect(await types.find('acme', 'no_such')).toBeUndefined();
  });

  it('reads nothing anew for a name that nobody knows while the version is the same', async () => {
    const types = process();
    for (let times = 0; times < 5; times += 1) await types.find('acme', 'no_such');
    expect(reads).toEqual(['acme']);
  });

  it('keeps under the version that it saw before it read, so that a change meanwhile is read too', async () => {
    const types = process();
    const list = store.list;
    store.list = async (tenantId) => {
      const seen = await list(tenantId);
      change(row('mention', { override: { critical: true } }));
      store.list = list;
      return seen;
    };
    expect((await types.of('acme', 0)).find('mention')?.critical).toBe(false);
    expect((await types.of('acme', version)).find('mention')?.critical).toBe(true);
  });

  it('has the built-in types for a tenant that there is not', async () => {
    version = undefined;
    expect((await process().of('nobody')).all).toEqual(builtInTypes);
  });
});
