import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCursor } from '../../models/cursor.js';
import { rowId } from '../../models/row-id.js';
import { eventually } from '../support/engine.js';
import { ring, type Bell } from '../support/bells.js';
import { inbox, startSecondApi, type SecondApi } from '../support/live-inbox.js';
import { asPerson, inSeconds, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
/** With smaller bounds, and a quicker look for items whose time ends. */
let small: SecondApi;
const bells: Bell[] = [];
beforeAll(async () => {
  engine = await startChecked({ worker: false });
  small = await startSecondApi(engine, { realtime: { maxMissed: 5, maxAtOnce: 3, endingsMs: 200 } });
});
afterAll(async () => {
  for (const bell of bells) bell.close();
  await small.stop();
  await engine.stop();
});

let people = 0;
async function somebody() {
  people += 1;
  const id = `u-${people}`;
  const token = await tokenOf(engine, id);
  const open = (since?: unknown, url = engine.url) => {
    const bell = ring(url, { token, ...(since === undefined ? {} : { since }) });
    bells.push(bell);
    return bell;
  };
  return { id, me: asPerson(engine, token), open, add: inbox(engine, id) };
}

/** Connects, hears what it is told at once, and leaves; answers the last cursor. */
async function visit(open: () => Bell): Promise<string> {
  const bell = open();
  await bell.next('ready');
  bell.close();
  return bell.cursor();
}

const minutes = (count: number) => new Date(Date.now() + count * 60_000);

describe('a client that comes back', () => {
  it('is told what came, changed and went while it was away, and then goes on from there', async () => {
    const { add, open, me } = await somebody();
    const [read, archived, deleted] = await add('Read', 'Archived', 'Deleted');
    const since = await visit(open);
    const [created] = await add('New');
    await me('POST', `/v1/me/inbox/${read}/read`);
    await me('POST', `/v1/me/inbox/${archived}/archive`);
    await me('DELETE', `/v1/me/inbox/${deleted}`);

    const bell = open(since);
    const ready = await bell.next('ready');
    expect(ready).toMatchObject({ counts: { unread: 1, total: 2 }, cursor: since });
    expect(ready).not.toHaveProperty('reload');
    expect((await bell.next('created', ({ item }) => item.id === created)).item.title).toBe('New');
    expect((await bell.next('removed')).id).toBe(deleted);
    const told = bell.heard.flatMap(({ value }) => ('item' in value ? [value.item] : []));
    expect(told.find(({ id }) => id === read)?.readAt).not.toBeNull();
    expect(told.find(({ id }) => id === archived)?.archivedAt).not.toBeNull();

    const [last] = await add('Last');
    await bell.next('created', ({ item }) => item.id === last);
    bell.close();
    expect(bell.cursor()).not.toBe(since);
  });

  it('is told of a snooze that ended while it was away', async () => {
    const { add, open, me } = await somebody();
    const [id = ''] = await add('Snoozed');
    await me('POST', `/v1/me/inbox/${id}/snooze`, { until: inSeconds(0.2) });
    // As if it were long ago that it was put off.
    await engine.models.notifications.model.updateOne(
      { _id: rowId(engine.tenantId, id) },
      { updatedAt: minutes(-60) },
    );
    await eventually(
      'awake',
      () => engine.models.inbox.counts(engine.tenantId, `u-${people}`, new Date()),
      ({ unread }) => unread === 1,
    );
    const bell = open(writeCursor({ at: minutes(-30), id }));
    expect((await bell.next('updated')).item.id).toBe(id);
  });

  it.each<[string, () => unknown]>([
    ['is from before tombstones are purged', () => writeCursor({ at: minutes(-60 * 24 * 30), id: 'x' })],
    ['is from a time to come', () => writeCursor({ at: minutes(60), id: 'x' })],
    ['was not made here', () => 'yesterday'],
    ['is no text', () => ({ at: 0 })],
    ['is endless', () => 'a'.repeat(5000)],
  ])('is asked to load anew when its `since` %s', async (_what, make) => {
    const { add, open } = await somebody();
    await add('There');
    const bell = open(make());
    const ready = await bell.next('ready');
    expect(ready).toMatchObject({ reload: true, counts: { unread: 1 } });
    // From there on it is up to date.
    const [id] = await add('Next');
    await bell.next('created', ({ item }) => item.id === id);
  });

  it('is asked to load anew when it missed more than is told one by one', async () => {
    const { add, open } = await somebody();
    const since = await visit(() => open(undefined, small.url));
    await add('1', '2', '3', '4', '5', '6');
    const bell = open(since, small.url);
    expect(await bell.next('ready')).toMatchObject({ reload: true, counts: { unread: 6 } });
  });
});

describe('a client that is there', () => {
  it('is asked to load anew when more changes at once than is told one by one', async () => {
    const { add, open, me } = await somebody();
    await add('1', '2', '3', '4', '5', '6');
    const bell = open(undefined, small.url);
    await bell.next('ready');
    await me('POST', '/v1/me/inbox/read-all');
    expect(await bell.next('ready', ({ reload }) => reload === true)).toMatchObject({
      counts: { unread: 0 },
    });
  });

  it('is told when an item’s retention ends, before the row is gone', async () => {
    const { add, open } = await somebody();
    const [id = ''] = await add('Old');
    const bell = open(undefined, small.url);
    await bell.next('ready');
    await engine.models.notifications.model.updateOne(
      { _id: rowId(engine.tenantId, id) },
      { purgeAt: new Date(Date.now() + 500) },
    );
    expect((await bell.next('removed')).id).toBe(id);
  });
});
