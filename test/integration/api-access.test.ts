import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PersonTokens } from '../../api/person-tokens.js';
import type { Access } from '../../api/caller.js';
import type { Route } from '../../api/route.js';
import { routes } from '../../api/routes/routes.js';
import type { ApiCaller } from '../support/engine.js';
import {
  approval,
  asPerson,
  inSeconds,
  keyOf,
  run,
  startChecked,
  tokenOf,
  type CheckedEngine,
  type Full,
  type Item,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
/** A second tenant with everything that the first one could be curious about. */
let other: string;
let theirs: Record<
  | 'notification'
  | 'delivery'
  | 'broadcast'
  | 'person'
  | 'key'
  | 'suppression'
  | 'redrive'
  | 'digest'
  | 'schedule'
  | 'webhook'
  | 'event'
  | 'eventRule'
  | 'inboundEvent'
  | 'erasure',
  string
>;
let keys: Record<'admin' | 'manager' | 'sender', string>;
let person: string;

beforeAll(async () => {
  engine = await startChecked();
  other = `${engine.tenantId}-b`;
  await engine.call('POST', '/v1/tenants', { id: other, name: 'Other' });
  keys = {
    admin: (await keyOf(engine, ['admin'])).key,
    manager: (await keyOf(engine, ['manager'])).key,
    sender: (await keyOf(engine, ['sender'])).key,
  };
  const theirKey = await keyOf(engine, ['admin'], other);
  const made = await engine.call<{ id: string }>('POST', '/v1/notifications', approval('u-1'), {
    token: theirKey.key,
  });
  const notification = made.body.id;
  await engine.call('PUT', '/v1/subscribers/u-theirs', {}, { token: theirKey.key });
  const sent = await engine.call<{ id: string }>('POST', '/v1/broadcasts', broadcast, {
    token: theirKey.key,
  });
  const stopped = await engine.call<{ id: string }>('POST', '/v1/suppressions', suppression, {
    token: theirKey.key,
  });
  const redriven = await engine.call<{ redriveId: string }>('POST', '/v1/deliveries/redrive', redrive, {
    token: theirKey.key,
  });
  const collected = await engine.models.digests.touch(
    { tenantId: other, recipientId: 'u-1', digestKey: 'k' },
    Date.now(),
    { periodMs: 0, closesAtMs: Date.now() + 3_600_000 },
  );
  const scheduled = await engine.call<{ id: string }>('POST', '/v1/schedules', schedule, {
    token: theirKey.key,
  });
  const told = await engine.call<{ id: string }>('POST', '/v1/webhooks', webhook, { token: theirKey.key });
  const happened = {
    tenantId: other,
    id: 'evt_theirs',
    type: 'notification.sent' as const,
    at: new Date(),
    sequence: 1,
    subject: notification,
    data: '{}',
    pending: [],
    purgeAt: new Date(Date.now() + 3_600_000),
  };
  await engine.models.outboundEvents.insert([{ ...happened, _id: `${other}/${happened.id}` }]);
  const ruled = await engine.call<{ id: string }>('POST', '/v1/event-rules', eventRule, {
    token: theirKey.key,
  });
  const came = await engine.call<{ id: string }>(
    'POST',
    '/v1/events/orders',
    { x: 1 },
    {
      token: theirKey.key,
    },
  );
  const erased = await engine.models.erasures.begin(
    await engine.models.personRows.identify(other, 'u-erased'),
    'platform',
  );
  theirs = {
    erasure: erased.id,
    webhook: told.body.id,
    event: happened.id,
    eventRule: ruled.body.id,
    inboundEvent: came.body.id,
    schedule: scheduled.body.id,
    digest: collected.id,
    redrive: redriven.body.redriveId,
    notification,
    delivery: `${notification}-email`,
    broadcast: sent.body.id,
    person: 'u-theirs',
    suppression: stopped.body.id,
    key: theirKey.id,
  };
  // The same person's ID on our side, so that a mistaken look-up by ID alone would find something.
  await run(engine, approval('u-1'));
  person = await tokenOf(engine, 'u-1');
});
afterAll(() => engine.stop());

const broadcast = {
  name: 'News',
  type: 'system',
  content: { in_app: { title: 'News', message: 'News' } },
  to: { recipients: ['u-theirs'] },
};

/** Of failures before there were any. */
const redrive = { filter: { to: '2020-01-01T00:00:00Z' } };
const webhook = { url: 'https://93.184.216.34/events', enabled: false };
const period = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
const device = { token: 'dGFrZW4-dGFrZW4-dGFrZW4' };
const schedule = {
  cron: '0 9 1 1 *',
  trigger: { type: 'contract_expiring', to: { recipient: 'u-1' } },
};
const reminder = () => ({
  dueAt: inSeconds(86_400),
  offsets: ['PT1H'],
  notification: { type: 'contract_expiring', to: { recipient: 'u-1' } },
});
const eventRule = { name: 'Cancelled', then: { do: 'cancel', key: '{{ order }}' } };
const certificate = {
  version: 1,
  erasureId: 'ers_1',
  tenantId: 'taken',
  person: 'x',
  requestedBy: 'x',
  requestedAt: '2026-01-01T00:00:00.000Z',
  completedAt: '2026-01-01T00:00:00.000Z',
  collections: [],
  runs: { removed: 0, means: 'x' },
  passes: 1,
  kept: [],
  outOfReach: [],
};
const suppression = { channel: 'email', address: 'theirs@example.com' };

type Method = Parameters<ApiCaller>[0];
type Options = Parameters<ApiCaller>[3];

/** A body that each route takes, so that nothing but the caller can be wrong. */
const bodies: Record<string, () => unknown> = {
  'POST /v1/notifications': () => approval('u-1'),
  'POST /v1/notifications/batch': () => [approval('u-1')],
  'PATCH /v1/notifications/{id}': () => ({ sendAt: inSeconds(60) }),
  'PATCH /v1/notifications/{id}/in-app': () => ({ title: 'Taken over' }),
  'POST /v1/broadcasts': () => broadcast,
  'POST /v1/subscribers': () => ({ id: 'u-new' }),
  'PUT /v1/subscribers/{id}': () => ({}),
  'PATCH /v1/subscribers/{id}': () => ({ locale: 'fr' }),
  'PUT /v1/subscribers/{id}/preferences': () => ({}),
  'PATCH /v1/subscribers/{id}/preferences': () => ({}),
  'POST /v1/subscribers/preferences': () => ({ recipients: ['u-theirs'], reset: true }),
  'POST /v1/subscribers/{id}/devices': () => device,
  'DELETE /v1/subscribers/{id}/devices': () => device,
  'POST /v1/deliveries/redrive': () => redrive,
  'POST /v1/schedules': () => schedule,
  'PATCH /v1/schedules/{id}': () => ({ name: 'Taken' }),
  'POST /v1/schedules/{id}/backfill': () => ({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }),
  'PUT /v1/event-sources/{name}': () => ({ verification: { kind: 'none' } }),
  'POST /v1/event-rules': () => eventRule,
  'PUT /v1/event-rules/{id}': () => eventRule,
  'PATCH /v1/event-rules/{id}': () => ({ enabled: false }),
  'POST /v1/event-rules/order': () => ({ ids: ['rul_1'] }),
  'POST /v1/event-rules/dry-run': () => ({ source: 'orders', event: {} }),
  'POST /v1/reminders': () => ({ key: 'k-1', ...reminder() }),
  'PUT /v1/reminders/{key}': () => reminder(),
  'PUT /v1/topics/{topic}/members': () => ({ add: ['u-1'] }),
  'PUT /v1/types/{name}': () => ({ category: 'taken' }),
  'PUT /v1/platform/types/{name}': () => ({ category: 'taken' }),
  ...Object.fromEntries(
    ['templates/{type}/{channel}/{locale}', 'partials/{name}/{locale}', 'layouts/{name}/{locale}'].flatMap(
      (place) =>
        ['/v1', '/v1/platform'].flatMap((base) => [
          [`POST ${base}/${place}/versions`, () => ({ source: { text: 'Taken' } })],
          [`POST ${base}/${place}/publish`, () => ({ version: 1 })],
        ]),
    ),
  ),
  'POST /v1/templates/{type}/{channel}/{locale}/test': () => ({ to: { recipient: 'u-1' } }),
  'PUT /v1/me/preferences': () => ({}),
  'PATCH /v1/me/preferences': () => ({}),
  'PATCH /v1/me': () => ({}),
  'POST /v1/me/devices': () => device,
  'DELETE /v1/me/devices': () => device,
  'POST /v1/me/inbox/read': () => ({ ids: ['ntf_1'] }),
  'POST /v1/me/inbox/threads/read': () => ({ threadKey: 'c-1' }),
  'POST /v1/me/inbox/threads/archive': () => ({ threadKey: 'c-1' }),
  'POST /v1/me/inbox/threads/unarchive': () => ({ threadKey: 'c-1' }),
  'POST /v1/me/inbox/threads/delete': () => ({ threadKey: 'c-1' }),
  'POST /v1/me/inbox/{id}/snooze': () => ({ until: inSeconds(60) }),
  'POST /v1/erasures/verify': () => ({ certificate, signature: 'x' }),
  'POST /v1/suppressions': () => suppression,
  'POST /codec/encode': () => ({ payloads: [] }),
  'POST /codec/decode': () => ({ payloads: [] }),
  'POST /v1/tenants': () => ({ id: 'taken', name: 'Taken' }),
  'PATCH /v1/tenant': () => ({ name: 'Taken' }),
  'PUT /v1/tenant/channels/{channel}/providers/{provider}': () => ({ credentials: { host: 'taken' } }),
  'PUT /v1/tenant/channels/{channel}/order': () => ({ providers: ['smtp'] }),
  'PUT /v1/tenant/auth': () => ({ allowedOrigins: ['https://taken.example'] }),
  'POST /v1/system/messages': () => ({ to: { recipient: 'u-theirs' }, message: 'Taken over' }),
  'POST /v1/webhooks': () => webhook,
  'PATCH /v1/webhooks/{id}': () => ({ enabled: true }),
  'POST /v1/webhooks/{id}/replay': () => period,
  'POST /v1/api-keys': () => ({ name: 'taken', roles: ['admin'] }),
};

const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;
const routesFor = (...access: Access[]) =>
  routes.filter((route) => access.includes(route.access)).map((route) => [nameOf(route), route] as const);

/** The ID of the other tenant's thing that a path's `{id}` stands for. */
function theirId(path: string): string {
  if (path.startsWith('/v1/notifications/') || path.startsWith('/v1/me/inbox/')) return theirs.notification;
  if (path.startsWith('/v1/deliveries/')) return theirs.delivery;
  if (path.startsWith('/v1/redrives/')) return theirs.redrive;
  if (path.startsWith('/v1/schedules/')) return theirs.schedule;
  if (path.startsWith('/v1/event-rules/')) return theirs.eventRule;
  if (path.startsWith('/v1/events/')) return theirs.inboundEvent;
  if (path.startsWith('/v1/digests/')) return theirs.digest;
  if (path.startsWith('/v1/broadcasts/')) return theirs.broadcast;
  if (path.startsWith('/v1/subscribers/')) return theirs.person;
  if (path.startsWith('/v1/erasures/')) return theirs.erasure;
  if (path.startsWith('/v1/suppressions/')) return theirs.suppression;
  if (path.startsWith('/v1/webhooks/')) return theirs.webhook;
  if (path.startsWith('/v1/outbound-events/')) return theirs.event;
  if (path.startsWith('/v1/api-keys/')) return theirs.key;
  throw new Error(`whose ID stands in ${path}? Add it here`);
}

async function attempt(route: Route, options: Options): Promise<string> {
  const path = route.path.includes('{id}') ? route.path.replace('{id}', theirId(route.path)) : route.path;
  const body = bodies[nameOf(route)]?.();
  expect(Boolean(route.body) && !route.bodyOptional, `a sample body of ${nameOf(route)}`).toBe(
    body !== undefined,
  );
  const answer = await engine.call(route.method.toUpperCase() as Method, path, body, options);
  return `${answer.status} ${answer.body?.code}`;
}

const tenantRoutes = routesFor('sender', 'manager', 'admin');
const operatorRoutes = routesFor('operator');
const personRoutes = routesFor('person');

describe('every route but the public ones', () => {
  const closed = routesFor('sender', 'manager', 'admin', 'operator', 'person').concat(
    // Only an operator's, whose `{id}` is a tenant's.
    routesFor('platform').filter(([, route]) => !route.path.includes('{id}')),
  );

  it.each(closed)('%s answers 401 without a key', async (_name, route) => {
    expect(await attempt(route, { headers: { authorization: '' }, tenant: engine.tenantId })).toBe(
      '401 unauthenticated',
    );
  });

  it.each(closed)('%s answers 401 to a key that nobody has', async (_name, route) => {
    expect(await attempt(route, { token: `ck_${'x'.repeat(43)}` })).toBe('401 unauthenticated');
  });
});

describe('a tenant’s key', () => {
  it.each([...tenantRoutes, ...operatorRoutes])(
    '%s answers 403 to a person’s token',
    async (_name, route) => {
      expect(await attempt(route, { token: person })).toBe('403 forbidden');
    },
  );

  it.each(routesFor('admin', 'operator'))('%s answers 403 to a key below admin', async (_name, route) => {
    expect(await attempt(route, { token: keys.sender })).toBe('403 forbidden');
    expect(await attempt(route, { token: keys.manager })).toBe('403 forbidden');
  });

  it.each(tenantRoutes)('%s answers 400 to a platform key that names no tenant', async (_name, route) => {
    expect(await attempt(route, { tenant: null })).toBe('400 validation_failed');
  });

  it.each([...tenantRoutes, ...operatorRoutes])(
    '%s answers 404 to a key that names another tenant',
    async (_name, route) => {
      expect(await attempt(route, { token: keys.admin, tenant: other })).toBe('404 not_found');
    },
  );

  it.each(routesFor('platform'))('%s answers 403 to the admin of a tenant', async (_name, route) => {
    const path = route.path.replace('{id}', other);
    const method = route.method.toUpperCase() as Method;
    const answer = await engine.call(method, path, bodies[nameOf(route)]?.(), { token: keys.admin });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it.each(operatorRoutes)('%s answers a platform key with and without a tenant', async (_name, route) => {
    expect(await attempt(route, { tenant: null })).toBe('200 undefined');
    expect(await attempt(route, { tenant: engine.tenantId })).toBe('200 undefined');
    expect(await attempt(route, { tenant: 'nobody' })).toBe('404 not_found');
  });

  it('may do what its role allows', async () => {
    expect((await engine.call('GET', '/v1/tenant', undefined, { token: keys.sender })).status).toBe(200);
    const named = { token: keys.admin, tenant: engine.tenantId };
    expect((await engine.call('GET', '/v1/api-keys', undefined, named)).status).toBe(200);
  });

  it('is refused at once after it was revoked', async () => {
    const { id, key } = await keyOf(engine, ['admin']);
    expect((await engine.call('GET', '/v1/tenant', undefined, { token: key })).status).toBe(200);
    expect((await engine.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    const after = await engine.call('GET', '/v1/tenant', undefined, { token: key });
    expect(after).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect((await engine.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(404);
  });

  it('stands nowhere in the database but as a hash', async () => {
    const db = engine.mongo.db;
    if (!db) throw new Error('not connected');
    const collections = await db.collections();
    expect(collections.length).toBeGreaterThan(5);
    const dumped = await Promise.all(collections.map((collection) => collection.find().toArray()));
    const everything = JSON.stringify(dumped);
    expect(everything).toContain('"roles":["sender"]');
    for (const key of Object.values(keys)) expect(everything).not.toContain(key.slice(3));
  });

  it('is listed without its text', async () => {
    const { body } = await engine.call<object>('GET', '/v1/api-keys');
    expect(JSON.stringify(body)).not.toContain('ck_');
  });
});

describe('another tenant’s IDs', () => {
  // PUT makes a person of one’s own under any ID.
  const withId = tenantRoutes.filter(
    ([name, route]) => route.path.includes('{id}') && name !== 'PUT /v1/subscribers/{id}',
  );

  it.each(withId)('%s answers 404 to the admin of a tenant', async (_name, route) => {
    expect(await attempt(route, { token: keys.admin })).toBe('404 not_found');
  });

  it.each(personRoutes.filter(([, route]) => route.path.includes('{id}')))(
    '%s answers 404 to the same person of another tenant',
    async (_name, route) => {
      expect(await attempt(route, { token: person })).toBe('404 not_found');
    },
  );

  it('are untouched after all that', async () => {
    const them = { tenant: other };
    const { body } = await engine.call<Full>(
      'GET',
      `/v1/notifications/${theirs.notification}`,
      undefined,
      them,
    );
    expect(body).toMatchObject({ status: 'sent', title: 'Ann asks for your approval', deletedAt: null });
    expect((await engine.call('GET', '/v1/subscribers/u-theirs', undefined, them)).status).toBe(200);
    const listed = await engine.call<{ items: { id: string }[] }>('GET', '/v1/api-keys', undefined, them);
    expect(listed.body.items.map(({ id }) => id)).toEqual([theirs.key]);
  });
});

describe('a platform key', () => {
  it('answers 404 for a tenant that there is not', async () => {
    const answer = await engine.call('GET', '/v1/tenant', undefined, { tenant: 'nobody' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('answers 400 for what cannot be a tenant', async () => {
    const answer = await engine.call('GET', '/v1/tenant', undefined, { tenant: '../acme' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'X-Tenant-Id' }] } });
  });
});

describe('a person’s token', () => {
  const claims = () => ({
    tenant_id: engine.tenantId,
    iat_ms: Date.now(),
    sub: 'u-1',
    iss: 'carillon',
    aud: 'carillon/person',
    exp: Math.floor(Date.now() / 1000) + 3600,
  });
  const sign = (more: object, key: Uint8Array) =>
    new SignJWT({ ...claims(), ...more }).setProtectedHeader({ alg: 'HS256' }).sign(key);
  const ownKey = () => engine.models.dataKeys.purposeKey('person-tokens');

  it.each([...personRoutes.map(([name, route]) => [name, route] as const)])(
    '%s answers 403 to an API key',
    async (_name, route) => {
      expect(await attempt(route, { token: keys.admin })).toBe('403 forbidden');
      expect(await attempt(route, { tenant: engine.tenantId })).toBe('403 forbidden');
    },
  );

  it('is taken when this deployment made it', async () => {
    const answer = await engine.call('GET', '/v1/me', undefined, { token: await sign({}, await ownKey()) });
    expect(answer.status).toBe(200);
  });

  it.each<[string, () => Promise<string> | string]>([
    [
      'expired',
      async () => {
        const tokens = new PersonTokens(engine.models);
        return (await tokens.issue(engine.tenantId, 'u-1', 1000, Date.now() - 60_000)).token;
      },
    ],
    ['signed with another key', () => sign({}, new Uint8Array(32).fill(7))],
    ['unsigned (alg none)', () => new UnsecuredJWT(claims()).encode()],
    ['for somebody who is not there', async () => sign({ sub: 'u-gone' }, await ownKey())],
    ['for a tenant that is not there', async () => sign({ tenant_id: 'nobody' }, await ownKey())],
    ['without the time at which it was made', async () => sign({ iat_ms: undefined }, await ownKey())],
    ['for another audience', async () => sign({ aud: 'carillon/other' }, await ownKey())],
    ['of another issuer', async () => sign({ iss: 'somebody' }, await ownKey())],
    ['cut in half', () => person.slice(0, person.length / 2)],
    ['no token at all', () => 'x'],
  ])('is refused when it is %s', async (_what, make) => {
    const answer = await engine.call('GET', '/v1/me', undefined, { token: await make() });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('is refused after the person’s tokens were revoked, and a new one is taken', async () => {
    const old = await tokenOf(engine, 'u-revoked');
    expect((await asPerson(engine, old)('GET', '/v1/me')).status).toBe(200);
    expect((await engine.call('POST', '/v1/subscribers/u-revoked/tokens/revoke')).status).toBe(204);
    expect((await asPerson(engine, old)('GET', '/v1/me')).status).toBe(401);
    const fresh = await tokenOf(engine, 'u-revoked');
    expect((await asPerson(engine, fresh)('GET', '/v1/me')).status).toBe(200);
  });

  it('is refused after the person was deleted', async () => {
    const token = await tokenOf(engine, 'u-deleted');
    await engine.call('DELETE', '/v1/subscribers/u-deleted');
    expect((await asPerson(engine, token)('GET', '/v1/me')).status).toBe(401);
  });

  it('does not reach another person’s item', async () => {
    const { id } = await run(engine, approval('u-2'));
    const mine = asPerson(engine, await tokenOf(engine, 'u-2'));
    expect((await mine<Item>('GET', `/v1/me/inbox/${id}`)).status).toBe(200);
    for (const [, route] of personRoutes.filter(([, { path }]) => path.includes('{id}'))) {
      const method = route.method.toUpperCase() as Method;
      const body = bodies[nameOf(route)]?.();
      const answer = await engine.call(method, route.path.replace('{id}', id), body, { token: person });
      expect(answer.status, nameOf(route)).toBe(404);
    }
    const after = (await mine<Item>('GET', `/v1/me/inbox/${id}`)).body;
    expect(after).toMatchObject({ readAt: null, archivedAt: null, snoozedUntil: null });
  });

  it('does not mark another person’s item as read by its ID', async () => {
    const { id } = await run(engine, approval('u-3'));
    const answer = await engine.call('POST', '/v1/me/inbox/read', { ids: [id] }, { token: person });
    expect(answer).toMatchObject({ status: 200, body: { updated: 0 } });
  });
});
