import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NotificationRow } from '../../models/notification-schema.js';
import { broadcastTo } from '../support/broadcasts.js';
import {
  allPages,
  approval,
  asPerson,
  ended,
  plan,
  quietNow,
  run,
  startChecked,
  tokenOf,
  type CheckedCaller,
  type CheckedEngine,
  type Item,
  type Page,
} from '../unit/api-checked.js';

type Entry = Item & { threadCount?: number; threadUnread?: number };

let engine: CheckedEngine;
/** An item as the engine makes one: what the others are copied from. */
let model: NotificationRow;
beforeAll(async () => {
  engine = await startChecked();
  const { id } = await run(engine, {
    type: 'direct',
    to: { recipient: { id: 'u-model' } },
    content: { in_app: { title: 'Model', message: 'Model' } },
    channels: ['in_app'],
    data: { code: '493 817' },
    threadKey: 'model',
  });
  const row = await engine.models.notifications.find(engine.tenantId, id);
  if (!row) throw new Error('no row');
  model = row;
});
afterAll(() => engine.stop());

interface Given extends Partial<NotificationRow> {
  isRead?: boolean;
}

let people = 0;
/** A person of their own, with these items in the inbox, the first one oldest. */
async function person(items: readonly Given[]): Promise<{ id: string; me: CheckedCaller }> {
  people += 1;
  const recipientId = `u-${people}`;
  await give(recipientId, items);
  return { id: recipientId, me: asPerson(engine, await tokenOf(engine, recipientId)) };
}

/** Two at a time in the same millisecond. */
async function give(recipientId: string, items: readonly Given[]): Promise<void> {
  const { threadKey: _own, unread: _unread, ...plain } = model;
  const rows = items.map(({ isRead, ...given }, index) => {
    const id = `${recipientId}-${String(index).padStart(4, '0')}`;
    const _id = `${engine.tenantId}/${id}`;
    const inboxAt = new Date(1_790_000_000_000 + Math.floor(index / 2));
    const read = isRead ? { readAt: inboxAt } : { unread: true as const };
    return { ...plain, _id, id, recipientId, title: `Item ${index}`, inboxAt, ...read, ...given };
  });
  await engine.models.notificationBulk.insert(rows);
}

async function grouped(me: CheckedCaller, query = ''): Promise<[string, number?, number?][]> {
  const { status, body } = await me<Page<Entry>>('GET', `/v1/me/inbox?group=thread${query}`);
  expect(status).toBe(200);
  return body.items.map(({ title, threadCount, threadUnread }) => [title, threadCount, threadUnread]);
}
async function titles(me: CheckedCaller, query = ''): Promise<string[]> {
  const { body } = await me<Page<Item>>('GET', `/v1/me/inbox${query}`);
  return body.items.map(({ title }) => title);
}
const act = (me: CheckedCaller, name: string, threadKey: string) =>
  me<object>('POST', `/v1/me/inbox/threads/${name}`, { threadKey });

const conversation: Given[] = [
  { title: 'NDA 1', threadKey: 'nda', severity: 'error' },
  { title: 'Alone' },
  { title: 'NDA 2', threadKey: 'nda', isRead: true, category: 'legal' },
  { title: 'Lease 1', threadKey: 'lease', category: 'legal' },
  { title: 'NDA 3', threadKey: 'nda', isRead: true },
  { title: 'Alone, too', isRead: true },
  { title: 'Lease, put away', threadKey: 'lease', box: 'archive' },
  { title: 'NDA, asleep', threadKey: 'nda', snoozedUntil: new Date('2099-01-01') },
  { title: 'NDA, deleted', threadKey: 'nda', box: 'deleted' },
];

describe('the inbox by threads', () => {
  let me: CheckedCaller;
  beforeAll(async () => {
    ({ me } = await person(conversation));
  });

  it('shows the newest item of each, with how many there are and how many are unread', async () => {
    expect(await grouped(me)).toEqual([
      ['Alone, too', 1, 0],
      ['NDA 3', 3, 1],
      ['Lease 1', 1, 1],
      ['Alone', 1, 1],
    ]);
  });

  it('is not what a caller gets who did not ask for it', async () => {
    const { body } = await me<Page<Entry>>('GET', '/v1/me/inbox');
    expect(body.items.map(({ title }) => title)).toEqual([
      'Alone, too',
      'NDA 3',
      'Lease 1',
      'NDA 2',
      'Alone',
      'NDA 1',
    ]);
    for (const item of body.items) expect(item).not.toHaveProperty('threadCount');
  });

  it.each<[string, string, [string, number, number][]]>([
    [
      'what is unread',
      '&filter=unread',
      [
        ['Lease 1', 1, 1],
        ['Alone', 1, 1],
        ['NDA 1', 1, 1],
      ],
    ],
    ['what is put away', '&filter=archived', [['Lease, put away', 1, 1]]],
    [
      'a category',
      '&category=legal',
      [
        ['Lease 1', 1, 1],
        ['NDA 2', 1, 0],
      ],
    ],
    ['a severity', '&severity=error', [['NDA 1', 1, 1]]],
    ['a text', '&q=nda', [['NDA 3', 3, 1]]],
    ['one thread', '&threadKey=nda', [['NDA 3', 3, 1]]],
    [
      'a time',
      `&to=${new Date(1_790_000_000_002).toISOString()}`,
      [
        ['Lease 1', 1, 1],
        ['NDA 2', 2, 1],
        ['Alone', 1, 1],
      ],
    ],
  ])('groups what a filter chooses: %s', async (_what, query, expected) => {
    expect(await grouped(me, query)).toEqual(expected);
  });

  it.each([
    ['?threadKey=nda', ['NDA 3', 'NDA 2', 'NDA 1']],
    ['?threadKey=nda&filter=unread', ['NDA 1']],
    ['?threadKey=lease&filter=archived', ['Lease, put away']],
    ['?threadKey=nobody', []],
  ])('opens one thread: %s', async (query, expected) => {
    expect(await titles(me, query)).toEqual(expected);
  });

  it.each([
    ['group=type', 'group'],
    ['group=', 'group'],
    ['threadKey=', 'threadKey'],
    [`threadKey=${'x'.repeat(201)}`, 'threadKey'],
    ['group=thread&cursor=x', 'cursor'],
  ])('refuses ?%s', async (query, path) => {
    const answer = await me('GET', `/v1/me/inbox?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  it('counts up to a hundred', async () => {
    const { me: busy } = await person(
      Array.from({ length: 130 }, (_, index) => ({ threadKey: 'busy', isRead: index >= 120 })),
    );
    expect(await grouped(busy)).toEqual([['Item 129', 100, 90]]);
  });

  it('comes to what lies behind more items of one thread than a page looks at', async () => {
    const { me: busy } = await person([
      { title: 'Alone' },
      { title: 'Other', threadKey: 'other' },
      ...Array.from({ length: 1_300 }, () => ({ threadKey: 'busy' })),
    ]);
    const pages = await allPages<Entry>(busy, '/v1/me/inbox?group=thread');
    expect(pages.map((page) => page.map(({ title }) => title))).toEqual([['Item 1301'], ['Other', 'Alone']]);
  });

  it('has each thread once, at its newest item, whatever is in it and however long a page is', async () => {
    const item = fc.record({
      threadKey: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { nil: undefined }),
      isRead: fc.boolean(),
      box: fc.constantFrom('inbox' as const, 'inbox' as const, 'archive' as const),
    });
    const law = fc.asyncProperty(
      fc.array(item, { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('all', 'unread', 'archived'),
      async (made, limit, filter) => {
        const items = made.map((given) =>
          given.threadKey === undefined ? { isRead: given.isRead, box: given.box } : (given as Given),
        );
        const { me: somebody } = await person(items);
        const shown = await allPages<Entry>(
          somebody,
          `/v1/me/inbox?group=thread&filter=${filter}&limit=${limit}`,
        );
        expect(
          shown.flat().map(({ title, threadCount, threadUnread }) => [title, threadCount, threadUnread]),
        ).toEqual(groupedByHand(items, filter));
        for (const full of shown.slice(0, -1)) expect(full).toHaveLength(limit);
      },
    );
    await fc.assert(law, { numRuns: 15 });
  });
});

/** What the list should be, without any database. */
function groupedByHand(items: readonly Given[], filter: string): [string, number, number][] {
  const newestFirst = items
    .map((item, index) => ({ ...item, title: `Item ${index}` }))
    .filter(({ box, isRead }) =>
      filter === 'archived' ? box === 'archive' : box === 'inbox' && !(filter === 'unread' && isRead),
    )
    .reverse();
  const threads = new Map<string, typeof newestFirst>();
  for (const item of newestFirst) {
    const key = item.threadKey ?? item.title;
    threads.set(key, [...(threads.get(key) ?? []), item]);
  }
  return [...threads.values()].map((thread) => [
    thread[0]?.title ?? '',
    thread.length,
    thread.filter(({ isRead }) => !isRead).length,
  ]);
}

describe('a change of a whole thread', () => {
  it('reads it, the archive too, and nothing else', async () => {
    const { me } = await person([
      ...conversation,
      { title: 'NDA, put away', threadKey: 'nda', box: 'archive' },
    ]);
    // The one that sleeps is read as well.
    expect((await act(me, 'read', 'nda')).body).toEqual({ updated: 3 });
    expect((await act(me, 'read', 'nda')).body).toEqual({ updated: 0 });
    expect(await titles(me, '?filter=unread')).toEqual(['Lease 1', 'Alone']);
  });

  it('puts it away and takes it back', async () => {
    const { me } = await person(conversation);
    expect((await act(me, 'archive', 'nda')).body).toEqual({ updated: 4 });
    expect(await titles(me)).toEqual(['Alone, too', 'Lease 1', 'Alone']);
    expect(await grouped(me, '&filter=archived')).toEqual([
      ['NDA, asleep', 4, 2],
      ['Lease, put away', 1, 1],
    ]);
    expect((await act(me, 'unarchive', 'nda')).body).toEqual({ updated: 4 });
    expect(await titles(me, '?threadKey=nda')).toEqual(['NDA, asleep', 'NDA 3', 'NDA 2', 'NDA 1']);
    const { body } = await me<Page<Item>>('GET', '/v1/me/inbox?threadKey=nda');
    for (const { archivedAt, snoozedUntil } of body.items)
      expect([archivedAt, snoozedUntil]).toEqual([null, null]);
  });

  it('deletes it, the archive too', async () => {
    const { me } = await person(conversation);
    expect((await act(me, 'delete', 'lease')).body).toEqual({ updated: 2 });
    expect(await titles(me)).toEqual(['Alone, too', 'NDA 3', 'NDA 2', 'Alone', 'NDA 1']);
    expect(await titles(me, '?filter=archived')).toEqual([]);
    expect((await act(me, 'delete', 'lease')).body).toEqual({ updated: 0 });
  });

  it.each(['read', 'archive', 'delete'])(
    'leaves another person’s of the same key alone: %s',
    async (name) => {
      const { me } = await person([{ threadKey: 'nda' }]);
      const { me: stranger } = await person([{ threadKey: 'nda' }]);
      expect((await act(stranger, name, 'nda')).body).toEqual({ updated: 1 });
      expect(await grouped(me)).toEqual([['Item 0', 1, 1]]);
    },
  );

  it.each([
    ['no key', {}],
    ['an empty key', { threadKey: '' }],
    ['what is no key', { threadKey: { $gt: '' } }],
    ['what it does not know', { threadKey: 'nda', box: 'inbox' }],
  ])('refuses %s', async (_what, body) => {
    const { me } = await person([]);
    for (const name of ['read', 'archive', 'unarchive', 'delete'])
      expect((await me('POST', `/v1/me/inbox/threads/${name}`, body)).status).toBe(400);
  });

  it('stops the mails that quiet hours hold once it is read', async () => {
    const { id: who, me } = await person([]);
    await engine.call('PATCH', `/v1/subscribers/${who}`, { email: `${who}@example.com` });
    await engine.call('PUT', `/v1/subscribers/${who}/preferences`, { quietHours: quietNow() });
    const asked = approval('', { to: { recipient: who }, threadKey: 'nda' });
    const ids = [await plan(engine, asked), await plan(engine, asked)];
    expect((await act(me, 'read', 'nda')).body).toEqual({ updated: 2 });
    for (const id of ids) {
      const { deliveries } = await ended(engine, id);
      expect(deliveries.find(({ channel }) => channel === 'email')).toMatchObject({
        status: 'cancelled',
        reason: 'acknowledged',
      });
    }
  });
});

describe('an item’s thread', () => {
  it('is known of each notification of a broadcast', async () => {
    const { id, me } = await person([{ threadKey: 'news' }]);
    const made = await broadcastTo(
      engine,
      { channels: ['in_app'], threadKey: 'news', to: { recipients: [id] } },
      engine.tenantId,
    );
    await made.over();
    expect(await grouped(me)).toEqual([['News for all', 2, 2]]);
  });

  it('is shown where only its trigger says it', async () => {
    const { me } = await person([{}]);
    const { body } = await me<Page<Item>>('GET', '/v1/me/inbox');
    expect(body.items[0]?.threadKey).toBe('model');
  });
});

describe('an item’s data', () => {
  const data = { link: 'https://app.example/reset/4tF9wZ', code: '493 817', minutes: 10 };
  const reset = (who: string) => ({
    type: 'password_reset',
    to: { recipient: { id: who } },
    channels: ['in_app'],
    data,
  });

  it('lacks what its type calls sensitive, in the list, alone and after a change', async () => {
    const { id: who, me } = await person([]);
    const { id } = await run(engine, reset(who));
    const listed = (await me<Page<Item>>('GET', '/v1/me/inbox')).body.items[0];
    const found = (await me<Item>('GET', `/v1/me/inbox/${id}`)).body;
    const read = (await me<Item>('POST', `/v1/me/inbox/${id}/read`)).body;
    const entry = (await me<Page<Item>>('GET', '/v1/me/inbox?group=thread')).body.items[0];
    for (const item of [listed, found, read, entry])
      expect(item).toMatchObject({ id, data: { minutes: 10 } });
    for (const item of [listed, found, read, entry])
      expect(Object.keys(item?.data ?? {})).toEqual(['minutes']);
  });

  it('is whole for the application that sent it', async () => {
    const { id: who } = await person([]);
    expect((await run(engine, reset(who))).data).toEqual(data);
  });

  it('is whole where the type is not known any more', async () => {
    const { me } = await person([{ type: 'gone' }]);
    expect((await me<Page<Item>>('GET', '/v1/me/inbox')).body.items[0]?.data).toEqual({ code: '493 817' });
  });
});
