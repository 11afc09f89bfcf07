import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { tellOfAllDisabledEndpoints } from '../../activities/alerts/tell-of-disabled-endpoints.js';
import type { attemptView, endpointView, endpointWithSecretView } from '../../api/views/webhook.js';
import { createLogger } from '../../runtime/logger.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { eventually } from '../support/engine.js';
import { startEventReceiver, type EventReceiver } from '../support/event-receiver.js';
import {
  approval,
  asPerson,
  plan,
  run,
  startChecked,
  tokenOf,
  type CheckedEngine,
  type Full,
  type Page,
} from '../unit/api-checked.js';

type Endpoint = z.infer<typeof endpointView>;
type Made = z.infer<typeof endpointWithSecretView>;
type Attempt = z.infer<typeof attemptView>;

let engine: CheckedEngine;
let receiver: EventReceiver;
let person = 0;

beforeAll(async () => {
  engine = await startChecked({ events: true, env: { CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' } });
  await eventually(
    'somebody reads changes',
    () => engine.models.leases.find('outbound/webhooks'),
    (lease) => lease?.position?.token !== undefined,
  );
});
afterAll(() => engine.stop());
beforeEach(async () => {
  receiver = await startEventReceiver();
  person += 1;
});
afterEach(async () => {
  const { body } = await engine.call<Page<Endpoint>>('GET', '/v1/webhooks?limit=100');
  for (const { id } of body.items) await engine.call('DELETE', `/v1/webhooks/${id}`);
  await receiver.close();
});

async function subscribe(changes: object = {}, to = receiver): Promise<Made> {
  const given = { url: to.endpoint, ...changes };
  const { status, body } = await engine.call<Made>('POST', '/v1/webhooks', given);
  expect(status, JSON.stringify(body)).toBe(201);
  to.secrets = [body.secret];
  return body;
}
const notification = (more = {}) => approval(`u-${person}`, more);
const attemptsOf = async (endpoint: Pick<Made, 'id'>, query = '') =>
  (await engine.call<Page<Attempt>>('GET', `/v1/webhooks/${endpoint.id}/attempts${query}`)).body.items;
const find = async ({ id }: Pick<Made, 'id'>) =>
  (await engine.call<Endpoint>('GET', `/v1/webhooks/${id}`)).body;
const all =
  (...types: string[]) =>
  (seen: string[]) =>
    types.every((type) => seen.includes(type));

describe('an endpoint', () => {
  it('is told each change of a notification once, signed, without contents and addresses', async () => {
    await subscribe();
    const { id } = await run(engine, notification());
    const token = await tokenOf(engine, `u-${person}`);
    await asPerson(engine, token)('POST', `/v1/me/inbox/${id}/read`);
    const events = await receiver.until(
      id,
      all('notification.planned', 'notification.sent', 'notification.read', 'delivery.sent'),
    );
    expect(events.map(({ type, data }) => [type, data.channel, data.status]).sort()).toEqual(
      [
        ['delivery.sent', 'email', 'sent'],
        ['delivery.sent', 'in_app', 'sent'],
        ['notification.planned', undefined, 'sending'],
        ['notification.read', undefined, 'sent'],
        ['notification.sent', undefined, 'sent'],
      ].sort(),
    );
    expect(receiver.ids).toEqual(receiver.events.map((event) => event.id));
    expect(new Set(receiver.ids).size).toBe(receiver.ids.length);
    const inOrder = [...events].sort((a, b) => a.sequence - b.sequence).map(({ type }) => type);
    expect(inOrder[0]).toBe('notification.planned');
    expect(inOrder.at(-1)).toBe('notification.read');
    const everything = receiver.requests.map(({ body }) => body).join();
    // With what stands around them, since random IDs may have three letters of anything.
    for (const secret of ['@example.com', 'NDA with', '"Ann']) expect(everything).not.toContain(secret);
    expect(everything).toContain(`"tenantId":"${engine.tenantId}"`);
  });

  it('hears only of what it wants', async () => {
    await subscribe({ events: ['delivery.*', 'notification.cancelled'] });
    const waiting = await plan(
      engine,
      notification({ sendAt: new Date(Date.now() + 3_600_000).toISOString() }),
    );
    await engine.call('POST', `/v1/notifications/${waiting}/cancel`);
    const { id } = await run(engine, notification());
    await receiver.until(id, all('delivery.sent'));
    await receiver.until(waiting, all('notification.cancelled'));
    const families = new Set(receiver.events.map(({ type }) => type.split('.')[0]));
    expect([...families].sort()).toEqual(['delivery', 'notification']);
    expect(
      receiver.events.filter(({ type }) => type.startsWith('notification.')).map(({ type }) => type),
    ).toEqual(['notification.cancelled']);
  });

  it('is sent the headers that it wants, which are not read back', async () => {
    const made = await subscribe({ headers: { 'X-Gateway': 'token-1234567890' } });
    const { id } = await run(engine, notification());
    await receiver.until(id, all('notification.sent'));
    expect(receiver.requests[0]?.headers.get('x-gateway')).toBe('token-1234567890');
    const shown = await find(made);
    expect(shown.headers).toEqual({ 'X-Gateway': '••••••••' });
    expect(JSON.stringify(shown)).not.toContain('whsec_');
    const stored = await engine.mongo.collection('webhookEndpoints').find().toArray();
    for (const secret of ['token-1234567890', 'whsec_', 'pathSECRET'])
      expect(JSON.stringify(stored)).not.toContain(secret);
    const { body: trail } = await engine.call<object>('GET', '/v1/audit?action=webhook.created');
    for (const secret of ['token-1234567890', 'whsec_', 'pathSECRET'])
      expect(JSON.stringify(trail)).not.toContain(secret);
  });

  it('gets nothing while it is disabled, and what comes after it is enabled', async () => {
    const made = await subscribe({ enabled: false });
    const before = await run(engine, notification());
    expect(await find(made)).toMatchObject({ state: 'disabled', disabledReason: 'by_hand' });
    await engine.call('PATCH', `/v1/webhooks/${made.id}`, { enabled: true });
    const { id } = await run(engine, notification());
    await receiver.until(id, all('notification.sent'));
    expect(receiver.events.filter(({ data }) => data.id === before.id)).toEqual([]);
    expect(await find(made)).toMatchObject({ state: 'active', disabledReason: null });
  });

  it('of another tenant hears nothing of this one', async () => {
    const other = `${engine.tenantId}-b${person}`;
    await engine.call('POST', '/v1/tenants', { id: other, name: 'Other' });
    const theirs = await startEventReceiver();
    const made = await engine.call<Made>('POST', '/v1/webhooks', { url: theirs.endpoint }, { tenant: other });
    theirs.secrets = [made.body.secret];
    await subscribe();
    const { id } = await run(engine, notification());
    await receiver.until(id, all('notification.sent'));
    expect(theirs.requests).toEqual([]);
    await theirs.close();
  });

  it('that hangs holds up nobody else', async () => {
    const slow = await startEventReceiver();
    slow.always = 'hang';
    await subscribe({}, slow);
    await subscribe();
    const { id } = await run(engine, notification());
    await receiver.until(id, all('notification.sent', 'delivery.sent'), 5_000);
    expect(slow.requests.length).toBeGreaterThan(0);
    await slow.close();
  });
});

describe('an event that is refused', () => {
  it('is tried again, with the same ID, until the receiver takes it', async () => {
    const made = await subscribe({ events: ['notification.sent'] });
    receiver.behave({ status: 503, body: 'u-1@example.com is away, pathSECRET1234567890' });
    const { id } = await run(engine, notification());
    const [event] = await receiver.until(id, all('notification.sent'), 15_000);
    expect(receiver.requests.map(({ headers }) => headers.get('webhook-id'))).toEqual([event?.id, event?.id]);
    const attempts = await eventually(
      'both to be recorded',
      () => attemptsOf(made, `?event=${event?.id}`),
      ({ length }) => length === 2,
    );
    expect(attempts).toMatchObject([
      { kind: 'retry', attempt: 2, outcome: 'delivered', status: 204, nextAttemptAt: null },
      { kind: 'first', attempt: 1, outcome: 'failed', status: 503 },
    ]);
    const [, first] = attempts;
    const waitMs = Date.parse(first?.nextAttemptAt ?? '') - Date.parse(first?.at ?? '');
    expect(waitMs).toBeGreaterThan(4_400);
    expect(waitMs).toBeLessThan(8_000);
    expect(first?.response).toBe('[address] is away, [redacted]');
    await eventually(
      'it to work',
      () => find(made),
      ({ state }) => state === 'active',
    );
  });

  it('is not sent before the receiver wants it', async () => {
    const made = await subscribe({ events: ['notification.sent'] });
    receiver.behave({ status: 429, headers: { 'retry-after': '3600' } });
    await run(engine, notification());
    const [attempt] = await eventually(
      'it to be recorded',
      () => attemptsOf(made),
      ({ length }) => length === 1,
    );
    expect(Date.parse(attempt?.nextAttemptAt ?? '') - Date.parse(attempt?.at ?? '')).toBeGreaterThanOrEqual(
      3_600_000,
    );
    expect((await find(made)).state).toBe('failing');
  });

  it('is not sent after a redirect', async () => {
    const made = await subscribe({ events: ['notification.sent'] });
    receiver.behave({ status: 307, headers: { location: `${receiver.url}/elsewhere` } });
    await run(engine, notification());
    const [attempt] = await eventually(
      'it to be recorded',
      () => attemptsOf(made),
      ({ length }) => length > 0,
    );
    expect(attempt).toMatchObject({ status: 307, response: 'redirects are not followed', outcome: 'failed' });
  });

  it('with 410 is the last one: the endpoint is disabled, and administrators are told', async () => {
    const made = await subscribe();
    receiver.always = { status: 410 };
    await engine.call('PUT', '/v1/subscribers/u-boss', { roles: ['admin'], email: 'boss@example.com' });
    const { id } = await run(engine, notification());
    const shown = await eventually(
      'it to be disabled',
      () => find(made),
      ({ state }) => state === 'disabled',
    );
    expect(shown).toMatchObject({ disabledReason: 'gone' });
    const { body: trail } = await engine.call<Page<object>>('GET', '/v1/audit?action=webhook.disabled');
    expect(trail.items).toMatchObject([{ subject: made.id, actor: 'carillon', after: { reason: 'gone' } }]);
    const due = await engine.models.webhookEndpoints.noticesDue(10);
    expect(due.map((endpoint) => endpoint.id)).toEqual([made.id]);
    receiver.always = undefined;
    // Events from before are not sent when it is enabled again; a replay would.
    await engine.call('PATCH', `/v1/webhooks/${made.id}`, { enabled: true });
    const later = await run(engine, notification());
    await receiver.until(later.id, all('notification.sent'));
    expect(receiver.events.filter(({ data }) => data.id === id)).toEqual([]);
  });
});

describe('an endpoint that nothing reaches', () => {
  const DAY_MS = 86_400_000;
  const since = (days: number) =>
    engine.mongo
      .collection('webhookEndpoints')
      .updateMany(
        { tenantId: engine.tenantId },
        { $set: { failingSince: new Date(Date.now() - days * DAY_MS) } },
      );

  it('for five days is disabled, and administrators are told once', async () => {
    await engine.call('PUT', '/v1/subscribers/u-boss', { roles: ['admin'], email: 'boss@example.com' });
    const made = await subscribe({ events: ['notification.sent'] });
    receiver.always = { status: 500 };
    await since(4.9);
    await run(engine, notification());
    await eventually(
      'an attempt',
      () => attemptsOf(made),
      ({ length }) => length > 0,
    );
    expect((await find(made)).state).toBe('failing');
    await since(5.1);
    await run(engine, notification());
    const shown = await eventually(
      'it to be disabled',
      () => find(made),
      ({ state }) => state === 'disabled',
    );
    expect(shown).toMatchObject({ disabledReason: 'failing', enabled: false });
    const deps = activityDependencies(engine.config, {
      models: engine.models,
      runs: workflowRuns(engine.client, engine.taskQueue),
      log: createLogger({ level: 'silent', name: 'test' }),
    });
    for (let look = 0; look < 2; look += 1) await tellOfAllDisabledEndpoints(deps);
    await deps.channels.close();
    const told = await eventually(
      'the notice',
      async () =>
        (
          await engine.call<Page<{ title: string; id: string }>>(
            'GET',
            '/v1/notifications?recipient=u-boss&type=delivery_failing',
          )
        ).body.items,
      ({ length }) => length > 0,
    );
    const { body } = await engine.call<Full>('GET', `/v1/notifications/${told[0]?.id}`);
    expect(body.data).toMatchObject({ provider: made.id, state: 'disabled', reason: 'failing' });
    expect(body.title).toBe('A webhook endpoint was disabled');
    expect(body.message).toContain('Nothing has reached it since');
    expect(told.filter(({ title }) => title === body.title)).toHaveLength(1);
  });

  it('but for what others handed to it is not disabled', async () => {
    const made = await subscribe({ events: ['notification.sent'] });
    const { id } = await run(engine, notification());
    await receiver.until(id, all('notification.sent'));
    await since(6);
    receiver.behave({ status: 500 });
    await run(engine, notification());
    await eventually(
      'both attempts',
      () => attemptsOf(made),
      ({ length }) => length === 2,
    );
    expect(await find(made)).toMatchObject({ enabled: true, state: 'active' });
  });
});

describe('a secret that is rotated', () => {
  it('signs beside the new one for a day, or not at all any more', async () => {
    const made = await subscribe({ events: ['notification.sent'] });
    const rotated = (await engine.call<Made>('POST', `/v1/webhooks/${made.id}/rotate`)).body;
    expect(rotated.secret).not.toBe(made.secret);
    expect(rotated.secrets.map(({ until }) => until === null)).toEqual([true, false]);
    const untilMs = Date.parse(rotated.secrets[1]?.until ?? '') - Date.now();
    expect(untilMs / 3_600_000).toBeCloseTo(24, 1);
    for (const known of [made.secret, rotated.secret]) {
      receiver.secrets = [known];
      const { id } = await run(engine, notification());
      await receiver.until(id, all('notification.sent'));
    }
    const last = (await engine.call<Made>('POST', `/v1/webhooks/${made.id}/rotate`, { overlap: 'PT0S' }))
      .body;
    receiver.secrets = [last.secret];
    const { id } = await run(engine, notification());
    await receiver.until(id, all('notification.sent'));
    expect(receiver.requests.at(-1)?.headers.get('webhook-signature')).toMatch(/^v1,\S+$/);
  });
});

describe('a test', () => {
  it('says what came of it, and is neither repeated nor held against the endpoint', async () => {
    const made = await subscribe({ enabled: false });
    const tried = (await engine.call<Attempt>('POST', `/v1/webhooks/${made.id}/test`)).body;
    expect(tried).toMatchObject({
      kind: 'test',
      outcome: 'delivered',
      status: 204,
      eventType: 'webhook.test',
    });
    expect(receiver.events).toMatchObject([{ type: 'webhook.test', data: { endpointId: made.id } }]);
    receiver.always = { status: 500, body: 'oh no' };
    const failed = (await engine.call<Attempt>('POST', `/v1/webhooks/${made.id}/test`)).body;
    expect(failed).toMatchObject({ outcome: 'failed', status: 500, response: 'oh no', nextAttemptAt: null });
    expect((await find(made)).failingSince).toBeNull();
    expect((await attemptsOf(made)).length).toBe(2);
  });
});

describe('a replay', () => {
  it('of a period sends its events again, in their order, with the IDs that they had', async () => {
    const from = new Date(Date.now() - 60_000).toISOString();
    const made = await subscribe({ events: ['notification.sent'] });
    const sent: string[] = [];
    for (let made = 0; made < 3; made += 1) sent.push((await run(engine, notification())).id);
    for (const id of sent) await receiver.until(id, all('notification.sent'));
    const before = [...receiver.ids];
    const period = { from, to: new Date(Date.now() + 60_000).toISOString() };
    const ofAll = await engine.call<{ replay: { id: string } }>('POST', `/v1/webhooks/${made.id}/replay`, {
      ...period,
      events: ['notification.*'],
    });
    expect(ofAll.status).toBe(202);
    const path = `/v1/webhooks/${made.id}/replays`;
    const { body } = await eventually(
      'its end',
      () => engine.call<{ status: string; counts: object }>('GET', `${path}/${ofAll.body.replay.id}`),
      (answer) => answer.body.status !== 'running',
    );
    expect(body.status).toBe('completed');
    const again = receiver.events.slice(before.length);
    expect(body.counts).toEqual({ total: again.length, delivered: again.length, failed: 0 });
    const mine = again.filter(({ data }) => sent.includes(String(data.id)));
    expect(new Set(mine.map(({ type }) => type))).toEqual(
      new Set(['notification.planned', 'notification.sent']),
    );
    expect(mine.filter(({ type }) => type === 'notification.sent').map(({ id }) => id)).toEqual(before);
    expect((await engine.call<Page<object>>('GET', path)).body.items).toHaveLength(1);
  });

  it('of one event sends it at once', async () => {
    const made = await subscribe({ events: ['notification.sent'] });
    const { id } = await run(engine, notification());
    const [event] = await receiver.until(id, all('notification.sent'));
    await engine.call('POST', `/v1/webhooks/${made.id}/replay`, { event: event?.id });
    await eventually(
      'it again',
      () => Promise.resolve(receiver.ids),
      (ids) => ids.length === 2,
    );
    expect(receiver.events[1]).toEqual(event);
    const missing = await engine.call('POST', `/v1/webhooks/${made.id}/replay`, { event: 'evt_none' });
    expect(missing.status).toBe(404);
  });

  it('is refused for an endpoint that is disabled, and for a period that ends before it begins', async () => {
    const made = await subscribe({ enabled: false });
    const period = { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' };
    const path = `/v1/webhooks/${made.id}/replay`;
    expect((await engine.call('POST', path, period)).status).toBe(400);
    const right = { from: period.to, to: period.from };
    expect((await engine.call('POST', path, right)).body.code).toBe('conflict');
  });
});
