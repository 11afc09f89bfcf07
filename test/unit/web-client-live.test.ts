import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'undici';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CarillonClient, type ClientOptions } from '../../web/client/carillon-client.js';
import type { ConnectionStatus, LiveEvents } from '../../web/client/events.js';
import { retryDelayMs } from '../../web/client/retry-delay.js';
import { InboxServer } from '../support/inbox-server.js';

let server: InboxServer;
const letGo: (() => void)[] = [];

beforeEach(async () => {
  // What is spread over seconds comes at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  // As browsers have it.
  vi.stubGlobal('WebSocket', WebSocket);
  server = await new InboxServer().start();
});
afterEach(async () => {
  for (const end of letGo.splice(0)) end();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await server.stop();
});

function connect(options: Partial<ClientOptions> = {}) {
  const client = new CarillonClient({ url: server.url, token: 'token-1', ...options });
  const told: { event: keyof LiveEvents; value: unknown }[] = [];
  const waiting = new Set<() => void>();
  for (const event of [
    'ready',
    'created',
    'updated',
    'removed',
    'counts',
    'system',
    'status',
    'error',
  ] as const)
    client.on(event, (value: unknown) => {
      told.push({ event, value });
      for (const look of [...waiting]) look();
    });
  const release = client.retain();
  letGo.push(release);
  /** Resolves once enough was told of an event, with all of that. */
  const heard = <E extends keyof LiveEvents>(event: E, count = 1) =>
    new Promise<LiveEvents[E][]>((resolve) => {
      const look = () => {
        const found = told.filter((one) => one.event === event).map(({ value }) => value as LiveEvents[E]);
        if (found.length < count) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const become = (status: ConnectionStatus) =>
    new Promise<void>((resolve) => {
      if (client.status === status) return resolve();
      const stop = client.on('status', (now) => {
        if (now !== status) return;
        stop();
        resolve();
      });
    });
  return { client, told, heard, become, release };
}

describe('a connection', () => {
  it('is live once the server is ready, and hears what happens', async () => {
    const { client, heard, become, told } = connect();
    expect(client.status).toBe('connecting');
    await become('live');
    expect(client.knownCounts).toEqual({ unread: 0, unseen: 0, total: 0, capped: false });
    server.add({ id: 'a' });
    server.change('a', { readAt: new Date().toISOString() });
    server.remove('a');
    server.inbox.emit('system', { message: 'Maintenance at eight', severity: 'warning' });
    expect(await heard('system')).toEqual([{ message: 'Maintenance at eight', severity: 'warning' }]);
    expect(told.map(({ event }) => event)).toEqual([
      'status',
      'status',
      'ready',
      'created',
      'counts',
      'updated',
      'counts',
      'removed',
      'counts',
      'system',
    ]);
    expect((await heard('created'))[0]?.item.id).toBe('a');
    expect(await heard('removed')).toMatchObject([{ id: 'a' }]);
    expect((await heard('counts'))[0]).toEqual({ unread: 1, unseen: 1 });
    expect(client.knownCounts).toMatchObject({ unread: 0 });
  });

  it('carries the token in its first message, and in no address', async () => {
    await connect().become('live');
    expect(server.handshakes).toMatchObject([{ token: 'token-1', since: undefined, transport: 'websocket' }]);
    expect(server.handshakes[0]?.url).not.toContain('token-1');
  });

  it('is one for all who hold the client, and ends when the last lets go', async () => {
    const { client, become, release } = connect();
    const second = client.retain();
    await become('live');
    release();
    release();
    await new Promise((resolve) => setTimeout(resolve));
    expect(client.status).toBe('live');
    second();
    const third = client.retain();
    await new Promise((resolve) => setTimeout(resolve));
    expect(client.status).toBe('live');
    third();
    await become('idle');
    expect(server.handshakes).toHaveLength(1);
  });

  it('is ended for good by a disconnect, whoever holds it', async () => {
    const token = vi.fn(() => 'token-1');
    const { client, heard, become, told } = connect({ token });
    await become('live');
    server.add({ id: 'a' });
    await heard('created');
    const [socket] = server.inbox.sockets.values();
    const closed = once(socket!, 'disconnect');
    client.disconnect();
    await closed;
    expect([client.status, client.knownCounts]).toEqual(['idle', undefined]);
    expect(told.at(-1)).toEqual({ event: 'status', value: 'idle' });
    client.retain();
    expect(client.status).toBe('idle');
    await expect(client.inbox()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(token).toHaveBeenCalledOnce();
    expect(server.asked).toEqual([]);
  });

  it('leaves nothing that would try again after a disconnect', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const nowhere = class {
      onerror?: () => void;
      constructor() {
        queueMicrotask(() => this.onerror?.());
      }
      close() {}
    };
    vi.stubGlobal('WebSocket', nowhere);
    const { client, become } = connect({ fetch: () => Promise.reject(new TypeError('nobody there')) });
    await become('offline');
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    client.disconnect();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps telling the others where one who listens fails, and the page of that', async () => {
    const { client, heard, become } = connect();
    const { restore, thrown } = catchUncaught();
    client.on('created', () => {
      throw new Error('of the page');
    });
    const after = vi.fn();
    client.on('created', after);
    await become('live');
    server.add({ id: 'a' });
    await heard('created');
    expect(await thrown).toMatchObject({ message: 'of the page' });
    restore();
    expect(after).toHaveBeenCalledOnce();
  });
});

/** Takes the runner's place as the one who hears of what nobody caught. */
function catchUncaught() {
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
  const restore = () => others.forEach((listener) => process.on('uncaughtException', listener));
  return { thrown, restore };
}

describe('a connection that is lost', () => {
  it('comes back by itself and brings what was missed', async () => {
    const { heard, become } = connect();
    await become('live');
    server.add({ id: 'a' });
    await heard('created');
    server.inbox.disconnectSockets();
    await become('connecting');
    server.add({ id: 'b' });
    await heard('ready', 2);
    expect((await heard('created', 2)).map(({ item }) => item.id)).toEqual(['a', 'b']);
    expect(server.handshakes.map(({ since }) => since)).toEqual([undefined, '1']);
  });

  it('comes back after a restart of the server, without an error', async () => {
    const { heard, become, told } = connect();
    await become('live');
    await server.stop();
    await become('offline');
    await server.start();
    await become('live');
    server.add({ id: 'a' });
    await heard('created');
    expect(told.filter(({ event }) => event === 'error')).toEqual([]);
  });

  it('says when what was missed is too much to bring', async () => {
    const { heard, become } = connect();
    await become('live');
    // What a cursor from long ago comes to.
    server.tell('updated', { item: server.add({ id: 'a' }, { silently: true }), cursor: '-1' });
    server.inbox.emit('removed', { id: 'x', cursor: '-1' });
    await heard('removed');
    server.inbox.disconnectSockets();
    expect((await heard('ready', 2))[1]).toMatchObject({ reload: true });
  });

  it('waits longer from time to time, by half more or less, and never much longer than the rest', () => {
    expect([0, 1].map((random) => retryDelayMs(0, random))).toEqual([200, 3_000]);
    expect([1, 2, 3, 4, 11].map((attempt) => retryDelayMs(attempt, 0.5))).toEqual([
      2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
    expect([0, 0.5, 1].map((random) => retryDelayMs(50, random))).toEqual([15_000, 30_000, 45_000]);
  });
});

describe('a heartbeat', () => {
  it('is answered, so that the connection stays', async () => {
    await server.stop();
    server.pingMs = 30;
    await server.start();
    const { become, told } = connect();
    await become('live');
    const [socket] = await server.inbox.fetchSockets();
    const { conn } = server.inbox.sockets.get(socket!.id)!;
    for (let beat = 0; beat < 4; beat += 1) await once(conn, 'heartbeat');
    expect(told.filter(({ event }) => event === 'status').map(({ value }) => value)).toEqual([
      'connecting',
      'live',
    ]);
  });

  it('that does not come means that nobody is there any more', async () => {
    const opened: SilentSocket[] = [];
    class SilentSocket {
      onmessage?: (message: { data: string }) => void;
      isClosed = false;
      constructor() {
        opened.push(this);
        queueMicrotask(() => this.onmessage?.({ data: '0{"pingInterval":20,"pingTimeout":20}' }));
      }
      send() {
        this.onmessage?.({ data: `42/inbox,["ready",${JSON.stringify({ counts: server.counts() })}]` });
      }
      close() {
        this.isClosed = true;
      }
    }
    vi.stubGlobal('WebSocket', SilentSocket);
    const { become } = connect();
    await become('live');
    await become('connecting');
    await become('live');
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });
});

describe('a token', () => {
  it('that has expired is followed by another, at once', async () => {
    const tokens = ['expired', 'token-1'];
    const { become, told } = connect({ token: () => tokens.shift() ?? 'token-1' });
    await become('live');
    expect(server.handshakes.map(({ token }) => token)).toEqual(['expired', 'token-1']);
    expect(told.filter(({ event }) => event === 'error')).toEqual([]);
  });

  it('that ends with its connection is followed by another', async () => {
    let asked = 0;
    const { become } = connect({ token: () => `token-${++asked}` });
    await become('live');
    server.tokens.delete('token-1');
    server.tokens.add('token-2');
    server.inbox.disconnectSockets();
    await become('connecting');
    await become('live');
    expect(server.handshakes.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
  });

  it('that is refused and has no other ends it', async () => {
    const { become, heard } = connect({ token: 'of another tenant' });
    await become('refused');
    expect(await heard('error')).toMatchObject([
      { code: 'unauthenticated', message: 'this token is not taken' },
    ]);
    expect(server.handshakes).toHaveLength(1);
  });

  it('that cannot be got is asked for again', async () => {
    let asked = 0;
    const token = () => (++asked < 3 ? Promise.reject(new Error('no network')) : 'token-1');
    const { become, heard } = connect({ token });
    expect((await heard('error'))[0]).toMatchObject({ code: 'unreachable', message: 'no network' });
    await become('live');
  });
});

describe('where no WebSocket gets through', () => {
  it('the connection polls instead, with the token in its body', async () => {
    server.blocked.add('websocket');
    const { become, heard } = connect();
    await become('polling');
    await become('live');
    server.add({ id: 'a' });
    await heard('created');
    expect(server.handshakes).toMatchObject([{ token: 'token-1', transport: 'polling' }]);
    expect(server.handshakes[0]?.url).not.toContain('token-1');
  });

  it('nor anything else, both are tried in turn', async () => {
    server.blocked.add('websocket').add('polling');
    const { become } = connect({ pollSeconds: 0.2 });
    await become('polling');
    server.blocked.delete('websocket');
    await become('live');
    expect(server.handshakes).toMatchObject([{ transport: 'websocket' }]);
  });

  it('as in a Node without one, the token is refused all the same', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const { become } = connect({ token: 'of another tenant' });
    await become('refused');
  });

  it('what the server ends comes back with another token', async () => {
    vi.stubGlobal('WebSocket', undefined);
    let asked = 0;
    const { become } = connect({ token: () => `token-${++asked}` });
    await become('live');
    server.tokens.delete('token-1');
    server.tokens.add('token-2');
    server.inbox.disconnectSockets();
    await become('connecting');
    await become('live');
    expect(server.handshakes.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
  });
});

describe('where sockets are refused', () => {
  it('the counts are asked for now and then, and a reload where they changed', async () => {
    server.takesSockets = false;
    const { become, heard, client } = connect({ pollSeconds: 0.1 });
    await become('polling');
    expect((await heard('ready'))[0]).toMatchObject({ counts: { unread: 0 }, reload: true });
    expect((await heard('ready', 2))[1]).toMatchObject({ reload: false });
    const before = (await heard('ready')).length;
    server.add({ id: 'a' });
    const after = await heard('ready', before + 2);
    expect(after.filter(({ counts }) => counts.unread === 1)[0]).toMatchObject({ reload: true });
    expect(client.knownCounts).toMatchObject({ unread: 1 });
    expect(server.count('GET', '/v1/me/inbox/counts')).toBeGreaterThan(2);
    server.takesSockets = true;
    await become('live');
  });

  it('what oneself does is followed by the counts', async () => {
    server.add({ id: 'a' });
    server.takesSockets = false;
    const { become, heard, client } = connect({ pollSeconds: 600 });
    await become('polling');
    await client.change('a', 'read');
    expect((await heard('updated'))[0]?.item.readAt).not.toBeNull();
    expect((await heard('ready', 2))[1]).toMatchObject({ counts: { unread: 0 }, reload: false });
  });

  it('by whom it may be asked ends it, too', async () => {
    server.takesSockets = false;
    const { become } = connect({ pollSeconds: 0.1 });
    await become('polling');
    server.tokens.clear();
    await become('refused');
  });

  it('nothing that answers means offline', async () => {
    const nobody = createServer();
    nobody.listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    await connect({ url: `http://127.0.0.1:${port}` }).become('offline');
  });
});
