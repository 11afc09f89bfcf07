import { WebSocket } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CarillonClient } from '../../web/client/carillon-client.js';
import { InboxStore, type InboxState, type InboxStoreOptions } from '../../web/client/inbox-store.js';
import { at, InboxServer } from '../support/inbox-server.js';

let server: InboxServer;
const ends: (() => void)[] = [];

beforeEach(async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.stubGlobal('WebSocket', WebSocket);
  server = await new InboxServer().start();
});
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await server.stop();
});

const newClient = () => new CarillonClient({ url: server.url, token: 'token-1' });

/** A store that somebody looks at, loaded. */
async function open(options: InboxStoreOptions = {}, client = newClient()) {
  const store = new InboxStore(client, options);
  const looks = new Set<() => void>();
  ends.push(store.subscribe(() => [...looks].forEach((look) => look())));
  /** Resolves with the first state, from now on, that is like this. */
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
  /** Once it shows these, in this order. */
  const shows = (...ids: string[]) => until(({ items }) => ids.join() === items.map(({ id }) => id).join());
  await until(({ loading }) => !loading);
  return { store, until, shows, client, ids: () => store.state.items.map(({ id }) => id) };
}

const fill = (count: number, more: object = {}) => {
  for (let number = 0; number < count; number += 1)
    server.add(
      { id: `i${String(number).padStart(3, '0')}`, createdAt: at(number), ...more },
      { silently: true },
    );
};

describe('a list', () => {
  it('is loaded once the connection is there, with the server’s counts', async () => {
    fill(3);
    const { store, ids } = await open();
    expect(ids()).toEqual(['i002', 'i001', 'i000']);
    expect(store.state).toMatchObject({
      counts: { unread: 3, unseen: 3, total: 3 },
      ended: true,
      status: 'live',
      hasNewer: false,
      error: undefined,
    });
    expect(server.asked.map(({ url }) => url)).toEqual(['/v1/me/inbox?limit=20']);
  });

  it('is the same object until something changes', async () => {
    const { store, shows } = await open();
    const { state } = store;
    expect(store.state).toBe(state);
    server.add({ id: 'a' });
    expect(await shows('a')).not.toBe(state);
  });

  it('goes on by pages to its end, without doubles where something new came between', async () => {
    fill(50);
    const { store, ids, until } = await open();
    server.add({ id: 'new', createdAt: at(100) });
    await until(({ items }) => items.length === 21);
    await store.more();
    await store.more();
    await store.more();
    expect(ids()).toHaveLength(51);
    expect(new Set(ids()).size).toBe(51);
    expect(ids().slice(0, 2)).toEqual(['new', 'i049']);
    expect(store.state.ended).toBe(true);
    expect(server.count('GET', '/v1/me/inbox?')).toBe(3);
  });

  it('asks for a page once, however often it is asked', async () => {
    fill(50);
    const { store, ids } = await open();
    await Promise.all([store.more(), store.more(), store.more()]);
    expect(ids()).toHaveLength(40);
  });

  it('says what went wrong, and goes on from there', async () => {
    fill(50);
    const { store, ids } = await open();
    server.plan({ status: 500, body: { code: 'internal', detail: 'something went wrong on our side' } });
    await store.more();
    expect(store.state).toMatchObject({ loading: false, error: { code: 'internal' } });
    expect(ids()).toHaveLength(20);
    await store.more();
    expect(store.state.error).toBeUndefined();
    expect(ids()).toHaveLength(40);
  });

  it('that could not be loaded is loaded by the next connection', async () => {
    fill(2);
    server.plan({ status: 500, body: { code: 'internal', detail: 'no' } });
    const { store, shows } = await open();
    expect(store.state).toMatchObject({ items: [], error: { code: 'internal' } });
    server.inbox.disconnectSockets();
    expect(await shows('i001', 'i000')).toMatchObject({ error: undefined });
  });

  it('is loaded without a connection, too', async () => {
    fill(2);
    server.takesSockets = false;
    const { store, ids } = await open();
    expect(ids()).toEqual(['i001', 'i000']);
    expect(store.state).toMatchObject({ status: 'polling', counts: { unread: 2 } });
  });

  it('takes no answer for a filter that is not its any more', async () => {
    fill(3);
    server.add({ id: 'read', readAt: at(1), createdAt: at(50) });
    const { store, shows } = await open();
    const release = server.hold();
    store.setFilter({ filter: 'archived' });
    store.setFilter({ filter: 'unread' });
    expect(store.state).toMatchObject({ items: [], loading: true });
    release();
    await shows('i002', 'i001', 'i000');
  });

  it('lets go of the connection with its last subscriber', async () => {
    const { client } = await open();
    for (const end of ends.splice(0)) end();
    await new Promise((resolve) => client.on('status', resolve));
    expect(client.status).toBe('idle');
  });
});

describe('what happens elsewhere', () => {
  it('is merged where it belongs, and hearing it twice changes nothing', async () => {
    fill(3);
    const { shows, until } = await open();
    const item = server.add({ id: 'i0015', createdAt: at(1.5) });
    await shows('i002', 'i0015', 'i001', 'i000');
    server.tell('created', { item });
    server.change('i001', { title: 'Another title' });
    const { items } = await until(({ items: [, , changed] }) => changed?.title === 'Another title');
    expect(items).toHaveLength(4);
    server.remove('i0015');
    server.tell('removed', { id: 'i0015' });
    await shows('i002', 'i001', 'i000');
  });

  it('is left out where the filter does', async () => {
    const { shows, until } = await open({ filter: { filter: 'unread', category: 'legal', q: 'nda' } });
    server.add({ id: 'other' });
    server.add({ id: 'read', category: 'legal', readAt: at(0) });
    server.add({ id: 'else', category: 'legal', title: 'Offer', message: '' });
    server.add({ id: 'mine', category: 'legal' });
    await shows('mine');
    server.change('mine', { readAt: at(0) });
    await shows();
    await until(({ counts }) => counts.unread === 2);
  });

  it('below what was loaded comes with its page', async () => {
    fill(50);
    const { store, ids, until } = await open();
    server.change('i005', { title: 'Old' });
    server.add({ id: 'old', createdAt: at(2.5) });
    await until(({ counts }) => counts.unread === 51);
    expect(ids()).toHaveLength(20);
    await store.more();
    await store.more();
    expect(ids()).toHaveLength(51);
    expect(store.state.items.find(({ id }) => id === 'i005')?.title).toBe('Old');
  });

  it('while a page is on its way is not undone by that', async () => {
    fill(30);
    const { store, until } = await open();
    server.plan({
      status: 200,
      body: { items: [server.add({ id: 'i005', createdAt: at(5) }, { silently: true })], nextCursor: null },
    });
    const release = server.hold();
    const loaded = store.more();
    server.change('i005', { readAt: at(60) });
    server.remove('i025');
    await until(({ counts }) => counts.unread === 28);
    release();
    await loaded;
    expect(store.state.items.find(({ id }) => id === 'i005')?.readAt).toBe(at(60));
    expect(store.state.items.some(({ id }) => id === 'i025')).toBe(false);
  });

  it('is loaded anew where too much was missed', async () => {
    fill(2);
    const { shows } = await open();
    server.add({ id: 'a', createdAt: at(90) }, { silently: true });
    server.inbox.emit('ready', { counts: server.counts(), cursor: '9', reload: true });
    await shows('a', 'i001', 'i000');
  });

  it('reaches every tab', async () => {
    fill(2);
    const [one, other] = await Promise.all([open(), open({ filter: { filter: 'unread' } })]);
    await one.store.read('i001');
    await other.shows('i000');
    await other.store.archive('i000');
    await one.shows('i001');
    await one.until(({ counts }) => counts.unread === 0);
  });

  it('is at most so many, unless older ones were asked for', async () => {
    fill(3);
    const { store, ids, until } = await open({ keep: 5, limit: 3 });
    for (const number of [1, 2, 3, 4, 5, 6]) server.add({ id: `n${number}`, createdAt: at(100 + number) });
    await until(({ items }) => items[0]?.id === 'n6');
    expect(ids()).toEqual(['n6', 'n5', 'n4', 'n3', 'n2']);
    expect(store.state.ended).toBe(false);
    await store.more();
    expect(ids()).toEqual(['n6', 'n5', 'n4', 'n3', 'n2', 'n1', 'i002', 'i001', 'i000']);
    server.add({ id: 'n7', createdAt: at(107) });
    await until(({ items }) => items.length === 10);
  });

  it('waits while the list is pinned', async () => {
    fill(2);
    const { store, shows, until, ids } = await open();
    store.pin(true);
    server.add({ id: 'a', createdAt: at(10) });
    server.change('i000', { title: 'Seen at once' });
    expect((await until(({ hasNewer }) => hasNewer)).items.map(({ id }) => id)).toEqual(['i001', 'i000']);
    await until(({ items }) => items[1]?.title === 'Seen at once');
    store.pin(false);
    expect(ids()).toEqual(['a', 'i001', 'i000']);
    store.pin(true);
    server.add({ id: 'b', createdAt: at(11) }, { silently: true });
    server.inbox.emit('ready', { counts: server.counts(), cursor: '9', reload: true });
    await until(({ hasNewer }) => hasNewer);
    store.pin(false);
    expect((await shows('b', 'a', 'i001', 'i000')).hasNewer).toBe(false);
  });
});

describe('what the person does', () => {
  const before = (): Promise<() => void> => Promise.resolve(server.hold());

  it.each([
    [
      'read',
      (store: InboxStore) => store.read('i001'),
      { readAt: expect.any(String) },
      { unread: 2, unseen: 2 },
    ],
    ['seen', (store: InboxStore) => store.seen(), { seenAt: expect.any(String) }, { unread: 3, unseen: 0 }],
    [
      'read all',
      (store: InboxStore) => store.readAll(),
      { readAt: expect.any(String) },
      { unread: 0, unseen: 0 },
    ],
    ['archived', (store: InboxStore) => store.archive('i001'), undefined, { unread: 2, total: 2 }],
    ['deleted', (store: InboxStore) => store.remove('i001'), undefined, { unread: 2, total: 2 }],
    ['cleared', (store: InboxStore) => store.clear('all'), undefined, { unread: 0, total: 0 }],
    [
      'put off',
      (store: InboxStore) => store.snooze('i001', new Date(Date.now() + 60_000)),
      undefined,
      { unread: 2, total: 2 },
    ],
  ])('shows at once as %s, and stays', async (_name, act, item, counts) => {
    fill(3);
    const { store, until } = await open();
    const release = await before();
    const done = act(store);
    const shown = store.state.items.find(({ id }) => id === 'i001');
    if (item) expect(shown).toMatchObject(item);
    else expect(shown).toBeUndefined();
    expect(store.state.counts).toMatchObject(counts);
    release();
    expect(await done).toBe(true);
    await until(({ counts: { unread, unseen } }) => {
      const are = server.counts();
      return unread === are.unread && unseen === are.unseen;
    });
    const after = store.state.items.find(({ id }) => id === 'i001');
    if (item) expect(after).toMatchObject(item);
    else expect(after).toBeUndefined();
    expect(store.state.counts).toMatchObject(counts);
  });

  it('is taken back where it fails, and says why', async () => {
    fill(3);
    const { store, ids } = await open();
    const counts = { ...store.state.counts };
    const refused = { status: 503, body: { code: 'unavailable', detail: 'try again' } };
    for (const act of [
      () => store.read('i001'),
      () => store.archive('i001'),
      () => store.remove('i001'),
      () => store.readAll(),
      () => store.clear('all'),
    ]) {
      server.plan(refused);
      const done = act();
      expect(store.state.error).toBeUndefined();
      expect(await done).toBe(false);
      expect(store.state.error).toMatchObject({ code: 'unavailable' });
      expect(ids()).toEqual(['i002', 'i001', 'i000']);
      expect(store.state.items.every(({ readAt }) => readAt === null)).toBe(true);
      expect(store.state.counts).toEqual(counts);
    }
  });

  it('is taken back alone: what else was done meanwhile stays', async () => {
    fill(3);
    const { store, ids } = await open();
    const release = server.hold();
    server.plan({ status: 500, body: { code: 'internal', detail: 'no' } });
    const first = store.remove('i001');
    await vi.waitFor(() => expect(server.count('DELETE', '/v1/me/inbox/i001')).toBe(1));
    const second = store.remove('i002');
    expect(ids()).toEqual(['i000']);
    release();
    expect(await Promise.all([first, second])).toEqual([false, true]);
    expect(ids()).toEqual(['i001', 'i000']);
  });

  it('does not make the counts drift: the server’s win', async () => {
    fill(3);
    const { store, until } = await open();
    const release = server.hold();
    const done = store.read('i001');
    expect(store.state.counts.unread).toBe(2);
    server.inbox.emit('counts', { unread: 7, unseen: 7 });
    await until(({ counts }) => counts.unread === 7);
    release();
    await done;
    await until(({ counts }) => counts.unread === 2);
  });

  it('leaves counts alone that stopped at a hundred', async () => {
    fill(120);
    const { store } = await open();
    expect(store.state.counts).toMatchObject({ unread: 100, capped: true });
    const release = server.hold();
    const done = store.read('i119');
    expect(store.state.counts.unread).toBe(100);
    release();
    await done;
  });

  it('and undoes brings an item back to its place', async () => {
    fill(3);
    const { store, shows } = await open();
    await store.archive('i001');
    await shows('i002', 'i000');
    await store.unarchive('i001');
    await shows('i002', 'i001', 'i000');
    await store.read('i001');
    await store.unread('i001');
    expect(store.state.items[1]?.readAt).toBeNull();
  });

  it('to what is gone already drops it', async () => {
    fill(2);
    const { store, ids } = await open();
    server.plan({ status: 404, body: { code: 'not_found', detail: 'there is no item' } });
    expect(await store.read('i001')).toBe(false);
    expect(ids()).toEqual(['i000']);
  });

  it('shows in the other lists of the page where there is no socket', async () => {
    fill(2);
    server.takesSockets = false;
    const client = newClient();
    const [one, other] = await Promise.all([
      open({}, client),
      open({ filter: { filter: 'unread' } }, client),
    ]);
    await one.store.read('i001');
    await other.shows('i000');
    expect((await other.until(({ counts }) => counts.unread === 1)).counts.total).toBe(2);
  });
});

describe('a list of threads', () => {
  const thread = (id: string, seconds: number, more: object = {}) =>
    server.add({ id, threadKey: 'c-1', createdAt: at(seconds), ...more });

  it('has one entry for each, whose numbers are the server’s', async () => {
    thread('a', 1);
    thread('b', 2);
    server.add({ id: 'alone', createdAt: at(3) });
    const { shows, until } = await open({ group: true });
    await shows('alone', 'b');
    thread('c', 4);
    expect((await shows('c', 'alone')).items[0]).toMatchObject({ threadCount: 3, threadUnread: 3 });
    server.change('a', { readAt: at(9) });
    await until(({ items }) => items[0]?.threadUnread === 2);
    server.change('c', { readAt: at(9) });
    await until(({ items }) => items[0]?.threadUnread === 1);
  });

  it('learns of a thread whose older items it never saw', async () => {
    fill(30);
    thread('a', 0.5);
    const { until } = await open({ group: true });
    thread('b', 60);
    await until(({ items }) => items[0]?.id === 'b' && items[0].threadCount === 2);
  });

  it('shows the next of a thread once its newest is gone', async () => {
    thread('a', 1);
    thread('b', 2);
    const { store, shows } = await open({ group: true });
    expect(await store.remove('b')).toBe(true);
    expect((await shows('a')).items[0]).toMatchObject({ threadCount: 1 });
    server.remove('a');
    await shows();
  });

  it('looks many threads up together', async () => {
    for (let number = 0; number < 10; number += 1)
      server.add({ id: `i${number}`, threadKey: `t-${number}`, createdAt: at(number) });
    const { store, until } = await open({ group: true });
    const asked = server.count('GET', '/v1/me/inbox?');
    await store.readAll();
    await until(({ items, loading }) => !loading && items.every(({ threadUnread }) => threadUnread === 0));
    await vi.waitFor(() => expect(server.count('GET', '/v1/me/inbox?')).toBe(asked + 1));
  });

  it('is changed as a whole', async () => {
    thread('a', 1);
    thread('b', 2);
    server.add({ id: 'alone', createdAt: at(3) });
    const { store, shows, ids } = await open({ group: true });
    const release = server.hold();
    const read = store.changeThread('c-1', 'read');
    expect(store.state.items[1]).toMatchObject({
      id: 'b',
      threadUnread: 0,
      readAt: expect.any(String) as string,
    });
    release();
    expect(await read).toBe(true);
    const archived = store.changeThread('c-1', 'archive');
    expect(ids()).toEqual(['alone']);
    expect(await archived).toBe(true);
    await shows('alone');
  });
});
