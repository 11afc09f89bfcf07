import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ring, type Bell } from '../support/bells.js';
import { inbox, startSecondApi, type SecondApi } from '../support/live-inbox.js';
import { asPerson, inSeconds, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
/** Another API process, but in this one: its own server, connections and change stream on the same database. */
let other: SecondApi;
const bells: Bell[] = [];
beforeAll(async () => {
  engine = await startChecked({ worker: false });
  other = await startSecondApi(engine);
});
afterAll(async () => {
  for (const bell of bells) bell.close();
  await other.stop();
  await engine.stop();
});

let people = 0;
async function somebody() {
  people += 1;
  const id = `u-${people}`;
  const token = await tokenOf(engine, id);
  const open = (url = engine.url, auth: object = {}, options = {}) => {
    const bell = ring(url, { token, ...auth }, options);
    bells.push(bell);
    return bell;
  };
  return { id, token, me: asPerson(engine, token), open, add: inbox(engine, id) };
}

describe('a bell', () => {
  it('hears the counts first, and an item that another process writes', async () => {
    const { open, add } = await somebody();
    await add('Before');
    const bell = open();
    const ready = await bell.next('ready');
    expect(ready).toMatchObject({ counts: { unread: 1, unseen: 1, total: 1, capped: false } });
    expect(ready).not.toHaveProperty('reload');
    const [second] = await add('After');
    const { item } = await bell.next('created', (told) => told.item.id === second);
    expect(item).toMatchObject({ title: 'After', readAt: null });
    expect(await bell.next('counts')).toEqual({ unread: 2, unseen: 2 });
    expect(bell.heard[0]?.event).toBe('ready');
  });

  it.each(['websocket', 'polling'])('works over %s alone', async (transport) => {
    const { open, add } = await somebody();
    const bell = open(engine.url, {}, { transports: [transport] });
    await bell.next('ready');
    const [id] = await add('Over there');
    expect((await bell.next('created')).item.id).toBe(id);
  });

  it('of one device is cleared by another, at another process', async () => {
    const { open, add, me } = await somebody();
    const [id] = await add('To be read');
    const [here, there] = [open(), open(other.url)];
    await Promise.all([here.next('ready'), there.next('ready')]);
    await me('POST', `/v1/me/inbox/${id}/read`);
    for (const bell of [here, there]) {
      const { item } = await bell.next('updated');
      expect(item.id).toBe(id);
      expect(item.readAt).not.toBeNull();
      expect(await bell.next('counts')).toEqual({ unread: 0, unseen: 0 });
    }
  });

  it('hears of what is put away, snoozed, taken back and deleted', async () => {
    const { open, add, me } = await somebody();
    const [id] = await add('Moved about');
    const bell = open(other.url);
    await bell.next('ready');
    const change = (what: string, body?: object) => me('POST', `/v1/me/inbox/${id}/${what}`, body);
    await change('archive');
    expect((await bell.next('updated')).item.archivedAt).not.toBeNull();
    await change('unarchive');
    expect((await bell.next('updated')).item.archivedAt).toBeNull();
    await change('snooze', { until: inSeconds(3600) });
    expect((await bell.next('updated')).item.snoozedUntil).not.toBeNull();
    await me('DELETE', `/v1/me/inbox/${id}`);
    expect((await bell.next('removed')).id).toBe(id);
  });

  it('hears when a snooze ends, of one from before it was there and of one since', async () => {
    const { open, add, me } = await somebody();
    const [before, since] = await add('Before', 'Since');
    await me('POST', `/v1/me/inbox/${before}/snooze`, { until: inSeconds(1) });
    const bell = open();
    await bell.next('ready');
    await me('POST', `/v1/me/inbox/${since}/snooze`, { until: inSeconds(0.5) });
    for (const id of [since, before]) {
      const isAwake = (until: string | null) => until !== null && Date.parse(until) <= Date.now();
      await bell.next('updated', ({ item }) => item.id === id && isAwake(item.snoozedUntil));
    }
    await bell.next('counts', ({ unread }) => unread === 2);
  });

  it('hears nothing of what the engine notes about an item, nor of another person’s', async () => {
    const { id, open, add } = await somebody();
    const stranger = await somebody();
    const bell = open();
    await bell.next('ready');
    const [item = ''] = await add('Mine');
    await bell.next('counts');
    await engine.models.notifications.markEnded(engine.tenantId, item, { email: 'sent' }, []);
    await stranger.add('Theirs');
    const [last] = await inbox(engine, id)('Last');
    expect((await bell.next('created', (told) => told.item.id === last)).item.id).toBe(last);
    expect(bell.heard.filter(({ event }) => event === 'updated')).toEqual([]);
    expect(JSON.stringify(bell.heard)).not.toContain('Theirs');
  });
});
