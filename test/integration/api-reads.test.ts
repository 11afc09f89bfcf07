import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allPages,
  approval,
  inSeconds,
  plan,
  run,
  startChecked,
  type CheckedEngine,
  type Delivery,
  type Full,
  type Listed,
  type Page,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
/** The notifications that the filters are tried on. */
let sent: Full;
let mention: Full;
let failed: Full;
let suppressed: Full;
let held: string;
let between: string;

beforeAll(async () => {
  engine = await startChecked({ env: { TEMPORAL_UI_URL: 'http://ui.test:8233' } });
  const related = { type: 'contract', id: 'c:1' };
  sent = await run(engine, approval('u-sent', { related, actionUrl: '/contracts/c-1' }));
  mention = await run(engine, { type: 'mention', to: { recipient: { id: 'u-sent' } }, channels: ['in_app'] });
  between = new Date(Date.parse(mention.createdAt) + 1).toISOString();
  engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 <{to}> no such user' } });
  failed = await run(engine, approval('u-failed', { channels: ['email'] }));
  engine.smtp.behave();
  suppressed = await run(engine, approval('u-own', { actor: 'u-own' }));
  held = await plan(engine, approval('u-held', { sendAt: inSeconds(3600) }));
});
afterAll(() => engine.stop());

async function refused(path: string): Promise<string | undefined> {
  const { status, body } = await engine.call('GET', path);
  expect(status).toBe(400);
  return body.errors?.[0]?.path;
}

describe('GET /v1/notifications/{id}', () => {
  it('tells the whole story: plan, deliveries with attempts, timeline and where to watch the run', async () => {
    const { status, body } = await engine.call<Full>('GET', `/v1/notifications/${sent.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'sent',
      recipient: 'u-sent',
      title: 'Ann asks for your approval',
      data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
      related: { type: 'contract', id: 'c:1' },
      actionUrl: '/contracts/c-1',
      workflowId: `notification/${engine.tenantId}/${sent.id}`,
      temporalUrl: `http://ui.test:8233/namespaces/default/workflows/notification%2F${engine.tenantId}%2F${sent.id}`,
    });
    expect(body.plan.channels).toEqual({
      in_app: { action: 'send' },
      email: { action: 'send' },
      sms: { action: 'skip', reason: 'not_requested' },
      push: { action: 'skip', reason: 'not_requested' },
      slack: { action: 'skip', reason: 'not_requested' },
      teams: { action: 'skip', reason: 'not_requested' },
      webhook: { action: 'skip', reason: 'not_requested' },
      whatsapp: { action: 'skip', reason: 'not_requested' },
    });
    expect(body.timeline.map(({ event }) => event)).toEqual(['accepted', 'planned', 'sent']);
  });

  it('shows each delivery with its provider, masked target and attempts', () => {
    const email = sent.deliveries.find(({ channel }) => channel === 'email');
    expect(email).toMatchObject({
      status: 'sent',
      provider: 'smtp',
      target: 'u•••@example.com',
      retryCount: 0,
      failureReason: null,
      attempts: [{ provider: 'smtp', outcome: 'sent' }],
    });
    expect(email?.attempts[0]?.providerResponse).toMatch(/^250/);
    expect(email?.providerMessageId).toBeTruthy();
    const inbox = sent.deliveries.find(({ channel }) => channel === 'in_app');
    expect(inbox).toMatchObject({ status: 'sent', provider: 'inbox', attempts: [{ outcome: 'sent' }] });
  });

  it('shows why a delivery failed and what the provider said, without the address', () => {
    expect(failed.status).toBe('failed');
    const [email] = failed.deliveries;
    expect(email).toMatchObject({
      status: 'failed',
      failureReason: 'invalid_recipient',
      attempts: [{ outcome: 'failed', failureReason: 'invalid_recipient' }],
    });
    expect(email?.attempts[0]?.providerResponse).toContain('550 5.1.1');
    expect(JSON.stringify(failed.deliveries)).not.toContain('u-failed@example.com');
  });

  it('answers 404 to an ID that nobody has', async () => {
    const answer = await engine.call('GET', '/v1/notifications/ntf_nobody');
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('GET /v1/notifications', () => {
  const idsOf = async (query: string) => {
    const pages = await allPages<Listed>(engine.call, `/v1/notifications?${query}`);
    return pages.flat().map(({ id }) => id);
  };

  it('lists newest first', async () => {
    expect(await idsOf('')).toEqual([held, suppressed.id, failed.id, mention.id, sent.id]);
  });

  it.each([
    ['recipient', () => 'recipient=u-sent', () => [mention.id, sent.id]],
    ['type', () => 'type=mention', () => [mention.id]],
    ['status', () => 'status=held', () => [held]],
    ['channel, where it was not skipped', () => 'channel=email', () => [held, failed.id, sent.id]],
    ['from, inclusive', () => `from=${failed.createdAt}`, () => [held, suppressed.id, failed.id]],
    ['to, exclusive', () => `to=${failed.createdAt}`, () => [mention.id, sent.id]],
    ['from and to', () => `from=${between}&to=${suppressed.createdAt}`, () => [failed.id]],
    ['related, whose ID may hold a colon', () => 'related=contract:c:1', () => [sent.id]],
    ['several at once', () => 'recipient=u-sent&type=mention&status=sent', () => [mention.id]],
    ['what nothing matches', () => 'recipient=u-sent&status=failed', () => []],
  ])('filters by %s', async (_what, query, expected) => {
    expect(await idsOf(query())).toEqual(expected());
  });

  it.each([
    ['status=done', 'status'],
    ['channel=pigeon', 'channel'],
    ['from=yesterday', 'from'],
    ['related=contract', 'related'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=2.5', 'limit'],
    ['sort=asc', 'sort'],
  ])('refuses ?%s', async (query, path) => {
    expect(await refused(`/v1/notifications?${query}`)).toBe(path);
  });

  it('pages without gaps or repeats through rows of the same instant', async () => {
    const row = await engine.models.notifications.find(engine.tenantId, sent.id);
    if (!row) throw new Error('no row');
    const rows = Array.from({ length: 47 }, (_, index) => ({
      ...row,
      _id: `${engine.tenantId}/paged-${String(index).padStart(2, '0')}`,
      id: `paged-${String(index).padStart(2, '0')}`,
      recipientId: 'u-paged',
      createdAt: new Date(1_700_000_000_000 + Math.floor(index / 16)),
    }));
    await engine.models.notifications.model.insertMany(rows);
    const pages = await allPages<Listed>(engine.call, '/v1/notifications?recipient=u-paged&limit=10');
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 10, 10, 7]);
    const expected = rows.map(({ id }) => id).reverse();
    expect(pages.flat().map(({ id }) => id)).toEqual(expected);
  });

  it('says that there is no further page when the last one is full', async () => {
    const { body } = await engine.call<Page<Listed>>('GET', '/v1/notifications?recipient=u-sent&limit=2');
    expect(body.items).toHaveLength(2);
    expect(body.nextCursor).toBeNull();
  });

  it('goes on from a cursor although newer ones have come meanwhile', async () => {
    const first = await engine.call<Page<Listed>>('GET', '/v1/notifications?recipient=u-sent&limit=1');
    await run(engine, { type: 'mention', to: { recipient: 'u-sent' }, channels: ['in_app'] });
    const cursor = first.body.nextCursor ?? '';
    const rest = await engine.call<Page<Listed>>(
      'GET',
      `/v1/notifications?recipient=u-sent&cursor=${cursor}`,
    );
    expect([...first.body.items, ...rest.body.items].map(({ id }) => id)).toEqual([mention.id, sent.id]);
  });
});

describe('GET /v1/deliveries', () => {
  const idsOf = async (query: string) => {
    const pages = await allPages<Delivery>(engine.call, `/v1/deliveries?${query}`);
    return pages
      .flat()
      .map(({ id }) => id)
      .sort();
  };

  it.each([
    ['notification', () => `notification=${sent.id}`, () => [`${sent.id}-email`, `${sent.id}-in_app`]],
    ['recipient', () => 'recipient=u-failed', () => [`${failed.id}-email`]],
    ['type', () => `type=mention&to=${between}`, () => [`${mention.id}-in_app`]],
    ['status', () => 'status=pending', () => [`${held}-email`, `${held}-in_app`]],
    [
      'channel',
      () => 'channel=email',
      () => [sent.id, failed.id, suppressed.id, held].map((id) => `${id}-email`).sort(),
    ],
    ['provider', () => 'provider=inbox&status=pending', () => [`${held}-in_app`]],
    ['failureReason', () => 'failureReason=invalid_recipient', () => [`${failed.id}-email`]],
    ['from and to', () => `from=${between}&to=${suppressed.createdAt}`, () => [`${failed.id}-email`]],
    ['what nothing matches', () => 'failureReason=auth_error', () => []],
  ])('filters by %s', async (_what, query, expected) => {
    expect(await idsOf(query())).toEqual(expected());
  });

  it('pages without gaps or repeats', async () => {
    const pages = await allPages<Delivery>(engine.call, '/v1/deliveries?limit=2');
    const ids = pages.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.sort()).toEqual(await idsOf('limit=100'));
    expect(ids.length).toBeGreaterThanOrEqual(8);
  });

  it('shows one by its ID', async () => {
    const { status, body } = await engine.call<Delivery>('GET', `/v1/deliveries/${failed.id}-email`);
    expect(status).toBe(200);
    expect(body).toEqual(failed.deliveries[0]);
  });

  it('shows why a channel was left out', async () => {
    const { body } = await engine.call<Delivery>('GET', `/v1/deliveries/${suppressed.id}-email`);
    expect(body).toMatchObject({ status: 'skipped', reason: 'actor_is_recipient', sentAt: null });
  });

  it('answers 404 to an ID that nobody has', async () => {
    expect((await engine.call('GET', '/v1/deliveries/nobody-email')).status).toBe(404);
  });

  it.each([
    ['failureReason=tired', 'failureReason'],
    ['status=held', 'status'],
    ['channel=', 'channel'],
    ['redrive=true', 'redrive'],
  ])('refuses ?%s', async (query, path) => {
    expect(await refused(`/v1/deliveries?${query}`)).toBe(path);
  });
});
