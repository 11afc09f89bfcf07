import { WebSocket } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CarillonClient, type ClientOptions } from '../../web/client/carillon-client.js';
import { InboxStore, type InboxState, type InboxStoreOptions } from '../../web/client/inbox-store.js';
import { inbox, startSecondApi, type SecondApi } from '../support/live-inbox.js';
import { inSeconds, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
let other: SecondApi;
const apis: SecondApi[] = [];
const ends: (() => void)[] = [];

beforeAll(async () => {
  engine = await startChecked({ worker: false });
  other = await startSecondApi(engine);
  apis.push(other);
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await engine.stop();
});
beforeEach(() => {
  vi.stubGlobal('WebSocket', WebSocket);
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.unstubAllGlobals();
});

let people = 0;
async function somebody() {
  people += 1;
  const id = `web-${people}`;
  const token = await tokenOf(engine, id);
  const client = (options: Partial<ClientOptions> = {}) =>
    new CarillonClient({ url: engine.url, token, ...options });
  return { id, token, client, add: inbox(engine, id) };
}

/** A store that somebody looks at. */
function open(client: CarillonClient, options: InboxStoreOptions = {}) {
  const store = new InboxStore(client, options);
  const looks = new Set<() => void>();
  ends.push(store.subscribe(() => [...looks].forEach((look) => look())));
  const until = (isSo: (state: InboxState) => boolean) =>
    new Promise<InboxState>((resolve) => {
      const look = () => {
        if (!isSo(store.state)) return;
        looks.delete(look);
        resolve(store.state);
      };
      looks.add(look);
      look();
    });
  const shows = (...titles: string[]) =>
    until(({ items }) => titles.join() === items.map(({ title }) => title).join());
  return { store, until, shows };
}

describe('a store', () => {
  it.each([
    ['a WebSocket', () => {}],
    ['polling', () => vi.stubGlobal('WebSocket', undefined)],
  ])('hears over %s what another process writes', async (_name, prepare) => {
    prepare();
    const { client, add } = await somebody();
    await add('First');
    const { shows, until } = open(client());
    expect((await shows('First')).status).toBe('live');
    await add('Second');
    await shows('Second', 'First');
    expect((await until(({ counts }) => counts.unread === 2)).counts).toMatchObject({ unseen: 2 });
  });

  it('is in step with those of other devices, at whichever process', async () => {
    const { client, add } = await somebody();
    await add('One', 'Two');
    const here = open(client());
    const there = open(client({ url: other.url }), { filter: { filter: 'unread' } });
    const { items } = await here.until((state) => state.items.length === 2);
    await there.until((state) => state.items.length === 2 && state.status === 'live');
    await here.until(({ status }) => status === 'live');
    const [top, bottom] = items.map(({ id }) => id) as [string, string];
    expect(await here.store.read(top)).toBe(true);
    await there.until((state) => state.items.length === 1 && state.counts.unread === 1);
    expect(await there.store.remove(bottom)).toBe(true);
    await here.until((state) => state.items.length === 1 && state.counts.unread === 0);
  });

  it('does each thing that can be done to an item', async () => {
    const { client, add } = await somebody();
    await add('Only');
    const { store, until, shows } = open(client());
    const [item] = (await shows('Only')).items;
    const { id } = item!;
    expect(await store.seen()).toBe(true);
    await until(({ counts }) => counts.unseen === 0 && counts.unread === 1);
    expect(await store.read(id)).toBe(true);
    expect(await store.unread(id)).toBe(true);
    await until(({ counts, items: [only] }) => counts.unread === 1 && only?.readAt === null);
    expect(await store.archive(id)).toBe(true);
    await shows();
    expect(await store.unarchive(id)).toBe(true);
    await shows('Only');
    expect(await store.snooze(id, inSeconds(3600))).toBe(true);
    await until(({ items, counts }) => items.length === 0 && counts.unread === 0);
    expect(await store.snooze(id, inSeconds(400 * 86_400))).toBe(false);
    expect(store.state.error).toMatchObject({ code: 'validation_failed', path: 'until', status: 400 });
    expect(await store.clear('all')).toBe(true);
    expect(await store.remove(id)).toBe(false);
    expect(store.state.error).toMatchObject({ code: 'not_found' });
  });

  it('goes through pages to the end', async () => {
    const { client, add } = await somebody();
    const titles = Array.from({ length: 45 }, (_, number) => `Item ${number}`);
    await add(...titles);
    const { store, until } = open(client());
    await until(({ items }) => items.length === 20);
    await store.more();
    await add('In between');
    await until(({ items }) => items.length === 41);
    await store.more();
    expect(store.state).toMatchObject({ ended: true });
    expect(new Set(store.state.items.map(({ title }) => title))).toEqual(new Set([...titles, 'In between']));
    expect(store.state.items).toHaveLength(46);
  });

  it('comes back after its process was gone, with what it missed', async () => {
    const { client, add } = await somebody();
    const gone = await startSecondApi(engine);
    const { shows, until } = open(client({ url: gone.url }));
    await until(({ status }) => status === 'live');
    await gone.stop();
    await until(({ status }) => status !== 'live');
    await add('Missed');
    const { port } = new URL(gone.url);
    const back = await startSecondApi(engine, { port: Number(port) });
    await shows('Missed');
    apis.push(back);
  });
});

describe('a token', () => {
  it('of nobody is refused by both, and tells so', async () => {
    const client = new CarillonClient({ url: engine.url, token: 'nobody' });
    const refused = new Promise((resolve) => client.on('error', resolve));
    ends.push(client.retain());
    expect(await refused).toMatchObject({ code: 'unauthenticated' });
    expect(client.status).toBe('refused');
    await expect(client.inbox()).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
  });

  it('that is revoked is followed by another', async () => {
    const { id, client } = await somebody();
    let asked = 0;
    const renewing = client({
      token: () => {
        asked += 1;
        return tokenOf(engine, id);
      },
    });
    const { until } = open(renewing);
    await until(({ status }) => status === 'live');
    expect((await engine.call('POST', `/v1/subscribers/${id}/tokens/revoke`)).status).toBeLessThan(300);
    await until(({ status }) => status === 'connecting');
    await until(({ status }) => status === 'live');
    expect(asked).toBeGreaterThanOrEqual(2);
  });
});

it('every other call answers what it says', async () => {
  const { id, client } = await somebody();
  const me = client();
  expect(await me.me()).toMatchObject({ id, roles: [] });
  expect(await me.changeMe({ timezone: 'Europe/Paris' })).toMatchObject({ timezone: 'Europe/Paris' });
  const { effective, channels } = await me.preferences();
  expect(channels).toEqual({});
  expect(effective.timezone).toEqual({ value: 'Europe/Paris', source: 'person' });
  expect(await me.changePreferences({ channels: { email: false } })).toMatchObject({
    channels: { email: false },
  });
  expect(await me.resetPreferences()).toMatchObject({ channels: {} });
  const types = await me.types();
  expect(types.map(({ name }) => name)).toContain('approval_request');
  expect(await me.topics()).toEqual([]);
  expect(await me.stats()).toEqual({ types: {}, categories: {}, severities: {} });
  const device = await me.addDevice({ token: 'fcm-token' });
  expect(device).toMatchObject({ kind: 'fcm' });
  expect(await me.devices()).toEqual([device]);
  expect(await me.removeDevice({ token: 'fcm-token' })).toBeUndefined();
  await expect(me.pushKey()).rejects.toMatchObject({ code: 'not_found' });
  expect(await me.read(['none'])).toEqual({ updated: 0 });
  expect(await me.changeThread('none', 'archive')).toEqual({ updated: 0 });
  expect(await me.readAll()).toEqual({ updated: 0 });
});
