import { describe, expect, it } from 'vitest';
import { Listeners } from '../../web/client/events.js';
import type { ConnectionStatus } from '../../web/client/events.js';
import type { Counts, Item } from '../../web/client/shapes.js';
import { hear, isFresh, type LiveToasts } from '../../web/elements/toasts/live-toasts.js';

const counts: Counts = { unread: 1, unseen: 1, total: 1, capped: false };
const ready = (reload = false) => ({ counts, cursor: '', reload });
const item = (id: string, more: Partial<Item> = {}) =>
  ({
    id,
    createdAt: new Date(Date.now() + 1).toISOString(),
    seenAt: null,
    readAt: null,
    archivedAt: null,
    snoozedUntil: null,
    ...more,
  }) as Item;
const long = new Date(Date.now() - 60_000).toISOString();

/** A client that is told what happens, and toasts that write down what they are told. */
function listening({ status = 'idle', missed = false, inbox = [] as Item[] } = {}) {
  const listeners = new Listeners();
  const told: string[] = [];
  const toasts: LiveToasts = {
    arrived: ({ id }) => told.push(id),
    changed: ({ id }) => told.push(`${id} changed`),
    removed: (id) => told.push(`${id} removed`),
    allRead: () => told.push('all read'),
    said: (message, severity) => told.push(`${severity}: ${message}`),
    failed: ({ message }) => told.push(message),
  };
  const client = {
    status: status as ConnectionStatus,
    on: listeners.on.bind(listeners) as never,
    retain: () => () => told.push('let go'),
    inbox: () => Promise.resolve({ items: inbox, nextCursor: null }),
  };
  const stop = hear(client, toasts, missed);
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return { emit: listeners.emit.bind(listeners), told, stop, settled };
}

describe('toasts hear', () => {
  it('what happens, until they stop', () => {
    const { emit, told, stop } = listening();
    emit('ready', ready());
    emit('created', { item: item('a', { createdAt: long }) });
    emit('updated', { item: item('a') });
    emit('removed', { id: 'a' });
    emit('counts', { unread: 2, unseen: 0 });
    emit('counts', { unread: 0, unseen: 0 });
    emit('system', { message: 'Hello', severity: 'info' });
    stop();
    emit('created', { item: item('b') });
    expect(told).toEqual(['a', 'a changed', 'a removed', 'all read', 'info: Hello', 'let go']);
  });

  it('nothing of what was there before they were, told again after a reconnection', () => {
    const { emit, told } = listening({ status: 'live' });
    emit('ready', ready());
    emit('created', { item: item('before', { createdAt: long }) });
    emit('created', { item: item('while away') });
    expect(told).toEqual(['while away']);
  });

  it('what nobody has seen yet where that is wanted, oldest first', async () => {
    for (const status of ['live', 'idle']) {
      const inbox = [item('new', { createdAt: long }), item('seen', { seenAt: long }), item('old')];
      const { emit, told, settled } = listening({ status, missed: true, inbox });
      emit('ready', ready());
      await settled();
      expect(told).toEqual(['old', 'new']);
    }
  });

  it('what came without a socket', async () => {
    const { emit, told, settled } = listening({
      inbox: [item('came'), item('before', { createdAt: long })],
    });
    emit('ready', ready(true));
    await settled();
    expect(told).toEqual([]);
    emit('ready', ready(false));
    emit('ready', ready(true));
    await settled();
    expect(told).toEqual(['came']);
  });
});

describe('an item', () => {
  it.each([
    { what: 'nobody has read', more: { seenAt: long }, fresh: true },
    { what: 'came back from a snooze', more: { snoozedUntil: long }, fresh: true },
    { what: 'is read', more: { readAt: long }, fresh: false },
    { what: 'is archived', more: { archivedAt: long }, fresh: false },
    { what: 'is put off', more: { snoozedUntil: '2099-01-01T00:00:00Z' }, fresh: false },
  ])('that $what: fresh is $fresh', ({ more, fresh }) => expect(isFresh(item('a', more))).toBe(fresh));
});
