import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/engine.js';
import {
  allPages,
  approval,
  asPerson,
  ended,
  inSeconds,
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

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

interface Counts {
  unread: number;
  unseen: number;
  total: number;
  capped: boolean;
}

const inApp = (who: string, title: string, more: Record<string, unknown> = {}) => ({
  type: 'direct',
  to: { recipient: { id: who } },
  content: { in_app: { title, message: `About ${title}` } },
  channels: ['in_app'],
  ...more,
});

let people = 0;
/** A person of their own for a test, with these items in the inbox, the first one oldest. */
async function person(...items: [title: string, more?: Record<string, unknown>][]) {
  people += 1;
  const id = `u-${people}`;
  const ids: string[] = [];
  for (const [title, more] of items) ids.push((await run(engine, inApp(id, title, more))).id);
  const me = asPerson(engine, await tokenOf(engine, id));
  return { id, ids, me };
}

async function titles(me: CheckedCaller, query = ''): Promise<string[]> {
  const { status, body } = await me<Page<Item>>('GET', `/v1/me/inbox${query}`);
  expect(status).toBe(200);
  return body.items.map(({ title }) => title);
}
const counts = async (me: CheckedCaller) => (await me<Counts>('GET', '/v1/me/inbox/counts')).body;
const post = (me: CheckedCaller, path: string, body?: unknown) =>
  me<Item>('POST', `/v1/me/inbox/${path}`, body);

describe('an item', () => {
  it('is critical where its type is, or it was sent so', async () => {
    const { me } = await person(
      ['Usual', { priority: 'high' }],
      ['Sent so', { priority: 'critical' }],
      ['Its type', { type: 'security_alert', content: undefined, data: { event: 'New sign-in' } }],
    );
    const { body } = await me<Page<Item>>('GET', '/v1/me/inbox');
    expect(body.items.map(({ critical }) => critical)).toEqual([true, true, false]);
  });
});

describe('the list', () => {
  let me: CheckedCaller;
  let ids: string[];
  beforeAll(async () => {
    ({ me, ids } = await person(
      ['Oldest', { severity: 'warning', category: 'legal' }],
      ['Save 50% (today)', { severity: 'error' }],
      ['A.B', { type: 'mention' }],
      ['Archived'],
      ['Read'],
    ));
    await post(me, `${ids[3]}/archive`);
    await post(me, `${ids[4]}/read`);
  });

  it.each([
    ['all that is not put away, newest first', '', ['Read', 'A.B', 'Save 50% (today)', 'Oldest']],
    ['what is unread', '?filter=unread', ['A.B', 'Save 50% (today)', 'Oldest']],
    ['what is put away', '?filter=archived', ['Archived']],
    ['a category', '?category=legal', ['Oldest']],
    ['a type', '?type=mention', ['A.B']],
    ['a severity', '?severity=error', ['Save 50% (today)']],
    ['a text in the title, whatever its case', '?q=OLDEST', ['Oldest']],
    ['a text in the message', '?q=about%20read', ['Read']],
    ['characters that mean something to a regular expression', '?q=50%25%20(', ['Save 50% (today)']],
    ['a dot as a dot', '?q=a.b', ['A.B']],
    ['no pattern', '?q=.*', []],
    ['several at once', '?filter=unread&severity=warning&q=old', ['Oldest']],
  ])('shows %s', async (_what, query, expected) => {
    expect(await titles(me, query)).toEqual(expected);
  });

  it('shows what came from one time to before another', async () => {
    const { body } = await me<Item>('GET', `/v1/me/inbox/${ids[1]}`);
    const since = body.createdAt;
    const next = (await me<Item>('GET', `/v1/me/inbox/${ids[2]}`)).body.createdAt;
    expect(await titles(me, `?from=${since}`)).toEqual(['Read', 'A.B', 'Save 50% (today)']);
    expect(await titles(me, `?to=${since}`)).toEqual(['Oldest']);
    expect(await titles(me, `?from=${since}&to=${next}`)).toEqual(['Save 50% (today)']);
  });

  it.each([
    ['filter=snoozed', 'filter'],
    ['severity=loud', 'severity'],
    ['q=', 'q'],
    ['limit=101', 'limit'],
    ['status=sent', 'status'],
  ])('refuses ?%s', async (query, path) => {
    const answer = await me('GET', `/v1/me/inbox?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  it('shows an item whole, alone as in the list', async () => {
    const { body } = await me<Item>('GET', `/v1/me/inbox/${ids[0]}`);
    expect(body).toMatchObject({
      id: ids[0],
      type: 'direct',
      category: 'legal',
      severity: 'warning',
      title: 'Oldest',
      message: 'About Oldest',
      icon: 'message',
      readAt: null,
    });
    const listed = await me<Page<Item>>('GET', '/v1/me/inbox?category=legal');
    expect(listed.body.items).toEqual([body]);
    expect((await me('GET', '/v1/me/inbox/ntf_nobody')).status).toBe(404);
  });

  it('pages without gaps or repeats through items of the same instant', async () => {
    const { id, ids: own, me: reader } = await person(['Model']);
    const row = await engine.models.notifications.find(engine.tenantId, own[0] ?? '');
    if (!row) throw new Error('no row');
    const copies = Array.from({ length: 24 }, (_, index) => {
      const copy = `${id}-${String(index).padStart(2, '0')}`;
      const inboxAt = new Date(1_700_000_000_000 + Math.floor(index / 9));
      return { ...row, _id: `${engine.tenantId}/${copy}`, id: copy, title: copy, inboxAt };
    });
    await engine.models.notifications.model.insertMany(copies);
    const pages = await allPages<Item>(reader, '/v1/me/inbox?limit=5');
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 5, 5, 5]);
    const expected = ['Model', ...copies.map(({ title }) => title).reverse()];
    expect(pages.flat().map(({ title }) => title)).toEqual(expected);
  });
});

describe('the counts', () => {
  it('count unread, unseen and all that is there', async () => {
    const { me, ids } = await person(['One'], ['Two'], ['Three']);
    await post(me, `${ids[0]}/read`);
    await post(me, `${ids[1]}/archive`);
    expect(await counts(me)).toEqual({ unread: 1, unseen: 1, total: 2, capped: false });
  });

  it('stop at a hundred', async () => {
    const { id, ids, me } = await person(['Model']);
    const row = await engine.models.notifications.find(engine.tenantId, ids[0] ?? '');
    if (!row) throw new Error('no row');
    const add = (from: number, to: number) =>
      engine.models.notifications.model.insertMany(
        Array.from({ length: to - from }, (_, index) => ({
          ...row,
          _id: `${engine.tenantId}/${id}-${from + index}`,
          id: `${id}-${from + index}`,
        })),
      );
    await add(0, 98);
    expect(await counts(me)).toEqual({ unread: 99, unseen: 99, total: 99, capped: false });
    await add(98, 120);
    expect(await counts(me)).toEqual({ unread: 100, unseen: 100, total: 100, capped: true });
    expect((await post(me, 'read-all')).body).toEqual({ updated: 121 });
    expect(await counts(me)).toEqual({ unread: 0, unseen: 0, total: 100, capped: true });
  });

  it('are given by type, category and severity too', async () => {
    const { me, ids } = await person(
      ['One'],
      ['Two', { type: 'mention', severity: 'error' }],
      ['Three', { category: 'legal' }],
    );
    await post(me, `${ids[0]}/read`);
    const { body } = await me<object>('GET', '/v1/me/inbox/stats');
    expect(body).toEqual({
      types: { direct: { total: 2, unread: 1 }, mention: { total: 1, unread: 1 } },
      categories: {
        direct: { total: 1, unread: 0 },
        collaboration: { total: 1, unread: 1 },
        legal: { total: 1, unread: 1 },
      },
      severities: { info: { total: 2, unread: 1 }, error: { total: 1, unread: 1 } },
    });
  });
});

describe('a change of an item', () => {
  let me: CheckedCaller;
  let id: string;
  beforeEach(async () => {
    const made = await person(['Item'], ['Beside it']);
    me = made.me;
    id = made.ids[0] ?? '';
  });

  it('marks it as read, and keeps the time of the first reading', async () => {
    const first = await post(me, `${id}/read`);
    expect(first.status).toBe(200);
    expect(Date.parse(first.body.readAt ?? '')).toBeGreaterThan(Date.now() - 10_000);
    const again = await post(me, `${id}/read`);
    expect([again.body.readAt, again.body.seenAt]).toEqual([first.body.readAt, first.body.readAt]);
    expect(await titles(me, '?filter=unread')).toEqual(['Beside it']);
  });

  it('marks it as unread again', async () => {
    await post(me, `${id}/read`);
    expect((await post(me, `${id}/unread`)).body.readAt).toBeNull();
    expect(await titles(me, '?filter=unread')).toEqual(['Beside it', 'Item']);
  });

  it('puts it away and takes it back', async () => {
    expect((await post(me, `${id}/archive`)).body.archivedAt).not.toBeNull();
    expect([await titles(me), await titles(me, '?filter=archived')]).toEqual([['Beside it'], ['Item']]);
    expect((await post(me, `${id}/unarchive`)).body.archivedAt).toBeNull();
    expect([await titles(me), await titles(me, '?filter=archived')]).toEqual([['Beside it', 'Item'], []]);
  });

  it('hides it until a time, and shows it again then', async () => {
    const until = inSeconds(1.5);
    expect((await post(me, `${id}/snooze`, { until })).body.snoozedUntil).toBe(until);
    expect(await titles(me)).toEqual(['Beside it']);
    expect((await counts(me)).total).toBe(1);
    expect((await me('GET', `/v1/me/inbox/${id}`)).status).toBe(200);
    await eventually(
      'back',
      () => titles(me),
      (shown) => shown.length === 2,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
  });

  it.each([
    ['a time in the past', () => inSeconds(-1)],
    ['a time beyond a year', () => inSeconds(400 * 86_400)],
    ['no time', () => undefined],
    ['a duration', () => 'PT1H'],
  ])('does not hide it until %s', async (_what, until) => {
    const answer = await me('POST', `/v1/me/inbox/${id}/snooze`, { until: until() });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'until' }] } });
  });

  it('deletes it: it is gone from every list, and nothing can be done with it', async () => {
    expect((await me('DELETE', `/v1/me/inbox/${id}`)).status).toBe(204);
    expect([await titles(me), await titles(me, '?filter=archived')]).toEqual([['Beside it'], []]);
    for (const action of ['read', 'unread', 'archive', 'unarchive'])
      expect((await post(me, `${id}/${action}`)).status).toBe(404);
    expect((await me('DELETE', `/v1/me/inbox/${id}`)).status).toBe(404);
    expect((await me('GET', `/v1/me/inbox/${id}`)).status).toBe(404);
    const { body } = await engine.call<{ deletedAt: string }>('GET', `/v1/notifications/${id}`);
    expect(body.deletedAt).not.toBeNull();
  });

  it('answers 404 for an ID that nobody has', async () => {
    for (const action of ['read', 'unread', 'archive', 'unarchive'])
      expect((await post(me, `ntf_nobody/${action}`)).status).toBe(404);
    const snooze = await post(me, 'ntf_nobody/snooze', { until: inSeconds(60) });
    expect(snooze.status).toBe(404);
  });
});

describe('a change of many items', () => {
  it('sees them all', async () => {
    const { me } = await person(['One'], ['Two']);
    expect((await post(me, 'seen')).body).toEqual({ updated: 2 });
    expect((await post(me, 'seen')).body).toEqual({ updated: 0 });
    expect(await counts(me)).toMatchObject({ unread: 2, unseen: 0 });
  });

  it('keeps the time at which an item was seen when it is read later', async () => {
    const { me, ids } = await person(['One']);
    await post(me, 'seen');
    const { seenAt } = (await me<Item>('GET', `/v1/me/inbox/${ids[0]}`)).body;
    expect((await post(me, `${ids[0]}/read`)).body.seenAt).toBe(seenAt);
  });

  it('reads the ones that are named', async () => {
    const { me, ids } = await person(['One'], ['Two'], ['Three']);
    const answer = await post(me, 'read', { ids: [ids[0], ids[2], 'ntf_nobody'] });
    expect(answer.body).toEqual({ updated: 2 });
    expect(await titles(me, '?filter=unread')).toEqual(['Two']);
  });

  it.each([
    ['none', []],
    ['more than a hundred', Array<string>(101).fill('ntf_1')],
    ['what are no IDs', [{ $gt: '' }]],
  ])('does not read %s', async (_what, ids) => {
    const { me } = await person();
    expect((await post(me, 'read', { ids })).status).toBe(400);
  });

  it('reads everything, the archive too', async () => {
    const { me, ids } = await person(['One'], ['Two'], ['Three']);
    await post(me, `${ids[0]}/archive`);
    expect((await post(me, 'read-all')).body).toEqual({ updated: 3 });
    expect((await post(me, 'read-all')).body).toEqual({ updated: 0 });
    expect(await titles(me, '?filter=unread')).toEqual([]);
  });

  it('clears what is read, or everything', async () => {
    const { me, ids } = await person(['One'], ['Two'], ['Three']);
    await post(me, `${ids[0]}/read`);
    expect((await me<object>('DELETE', '/v1/me/inbox')).body).toEqual({ removed: 1 });
    expect(await titles(me)).toEqual(['Three', 'Two']);
    expect((await me<object>('DELETE', '/v1/me/inbox?filter=read')).body).toEqual({ removed: 0 });
    expect((await me<object>('DELETE', '/v1/me/inbox?filter=all')).body).toEqual({ removed: 2 });
    expect(await titles(me)).toEqual([]);
    expect((await me('DELETE', '/v1/me/inbox?filter=unread')).status).toBe(400);
  });
});

describe('reading', () => {
  it.each([
    ['the item', (me: CheckedCaller, id: string) => post(me, `${id}/read`)],
    ['it among others', (me: CheckedCaller, id: string) => post(me, 'read', { ids: [id] })],
    ['everything', (me: CheckedCaller) => post(me, 'read-all')],
  ])('%s stops the mail that quiet hours hold', async (_what, read) => {
    const { id: who, me } = await person();
    await engine.call('PATCH', `/v1/subscribers/${who}`, { email: `${who}@example.com` });
    await engine.call('PUT', `/v1/subscribers/${who}/preferences`, { quietHours: quietNow() });
    const id = await plan(engine, approval('', { to: { recipient: who } }));
    await read(me, id);
    const done = await ended(engine, id);
    expect(done.status).toBe('sent');
    expect(done.deliveries.find(({ channel }) => channel === 'email')).toMatchObject({
      status: 'cancelled',
      reason: 'acknowledged',
      sentAt: null,
    });
    expect(engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(`${who}@example.com`))).toEqual(
      [],
    );
  });
});

describe('text in the inbox', () => {
  it('is text: HTML in a title stays what it is', async () => {
    const { me } = await person(['<img src=x onerror=alert(1)> & "quotes"']);
    expect(await titles(me)).toEqual(['<img src=x onerror=alert(1)> & "quotes"']);
  });
});
