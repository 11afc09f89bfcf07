import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../contracts/devices.js';
import { testVapidKeys } from '../support/fake-push-service.js';
import {
  asPerson,
  keyOf,
  startChecked,
  tokenOf,
  type CheckedCaller,
  type CheckedEngine,
} from '../unit/api-checked.js';

const vapid = testVapidKeys();
let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
});
afterAll(() => engine.stop());

const subscription = (path: string) => ({
  endpoint: `https://push.example/send/${path}`,
  expirationTime: null,
  keys: { p256dh: vapid.publicKey, auth: 'A'.repeat(22) },
});
const tokenFor = (path: string) => {
  const { endpoint, keys } = subscription(path);
  return JSON.stringify({ endpoint, keys });
};

let count = 0;
async function somebody(): Promise<{ id: string; me: CheckedCaller }> {
  const id = `u-${(count += 1)}`;
  return { id, me: asPerson(engine, await tokenOf(engine, id)) };
}
const devicesOf = async (me: CheckedCaller) =>
  (await me<{ items: Device[] }>('GET', '/v1/me/devices')).body.items;
const tokensOf = async (id: string) =>
  (await engine.call<{ pushTokens: string[] }>('GET', `/v1/subscribers/${id}`)).body.pushTokens;

describe('the own devices', () => {
  it('are registered once, however often, under an ID that is not the token', async () => {
    const { id, me } = await somebody();
    const made = await me<Device>('POST', '/v1/me/devices', { token: 'phone-token-1' });
    expect(made).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^dev_/), kind: 'fcm' } });
    expect(JSON.stringify(made.body)).not.toContain('phone-token-1');
    expect(await me<Device>('POST', '/v1/me/devices', { token: 'phone-token-1' })).toMatchObject({
      status: 200,
      body: made.body,
    });
    const browser = await me<Device>('POST', '/v1/me/devices', { subscription: subscription(id) });
    expect(browser).toMatchObject({ status: 201, body: { kind: 'web-push' } });
    expect(await devicesOf(me)).toEqual([made.body, browser.body]);
    expect(await tokensOf(id)).toEqual(['phone-token-1', tokenFor(id)]);
  });

  it('are taken back, once or twice', async () => {
    const { me } = await somebody();
    await me('POST', '/v1/me/devices', { token: 'phone-token-1' });
    for (let time = 0; time < 2; time += 1) {
      expect((await me('DELETE', '/v1/me/devices', { token: 'phone-token-1' })).status).toBe(204);
    }
    expect(await devicesOf(me)).toEqual([]);
  });

  it('are at most 20: one more puts out the one that registered longest ago', async () => {
    const { id, me } = await somebody();
    const names = Array.from({ length: 20 }, (_, at) => `token-${at}`);
    for (const token of names) await me('POST', '/v1/me/devices', { token });
    await me('POST', '/v1/me/devices', { token: 'token-0' });
    await me('POST', '/v1/me/devices', { token: 'token-20' });
    expect(await tokensOf(id)).toEqual([...names.slice(2), 'token-0', 'token-20']);
  });

  it('that register at once are all there', async () => {
    const { me } = await somebody();
    const tokens = Array.from({ length: 8 }, (_, at) => `token-${at}`);
    await Promise.all(tokens.map((token) => me('POST', '/v1/me/devices', { token })));
    expect(await devicesOf(me)).toHaveLength(8);
  });

  it('stand in the database without their tokens', async () => {
    const { id, me } = await somebody();
    await me('POST', '/v1/me/devices', { token: 'planted-phone-token' });
    await me('POST', '/v1/me/devices', { subscription: subscription('planted-browser') });
    const rows = await engine.mongo.collection('subscribers').find({ id }).toArray();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/planted|push\.example/);
  });

  it.each([
    [{}, 'body'],
    [{ token: '' }, 'token'],
    [{ subscription: { endpoint: 'https://push.example' } }, 'subscription.keys'],
    [{ token: 'a', kind: 'fcm' }, 'kind'],
  ])('are not %j', async (body, path) => {
    const { me } = await somebody();
    const refused = await me('POST', '/v1/me/devices', body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(refused.body.errors?.map((error) => error.path)).toEqual([path]);
  });
});

describe('a person’s devices, to the tenant’s server', () => {
  it('are registered, listed and taken back', async () => {
    const { id, me } = await somebody();
    const { key } = await keyOf(engine, ['sender']);
    const as = { token: key };
    const path = `/v1/subscribers/${id}/devices`;
    const made = await engine.call<Device>('POST', path, { token: 'phone' }, as);
    expect(made.status).toBe(201);
    expect(await devicesOf(me)).toEqual([made.body]);
    const listed = await engine.call<{ items: Device[] }>('GET', path, undefined, as);
    expect(listed.body.items).toEqual([made.body]);
    expect((await engine.call('DELETE', path, { token: 'phone' }, as)).status).toBe(204);
    expect(await devicesOf(me)).toEqual([]);
  });

  it.each(['GET', 'POST', 'DELETE'] as const)(
    'are nobody’s where there is no such person (%s)',
    async (method) => {
      const body = method === 'GET' ? undefined : { token: 'phone' };
      expect(await engine.call(method, '/v1/subscribers/nobody/devices', body)).toMatchObject({
        status: 404,
        body: { code: 'not_found', detail: 'there is no subscriber "nobody"' },
      });
    },
  );

  it('follow from `pushTokens`, and keep what they had', async () => {
    const { id, me } = await somebody();
    const first = await me<Device>('POST', '/v1/me/devices', { token: 'old' });
    await engine.call('PATCH', `/v1/subscribers/${id}`, { pushTokens: ['new', 'old', tokenFor(id)] });
    const devices = await devicesOf(me);
    expect(devices.map(({ kind }) => kind)).toEqual(['fcm', 'fcm', 'web-push']);
    expect(devices[1]).toEqual(first.body);
    await engine.call('PATCH', `/v1/subscribers/${id}`, { locale: 'fr' });
    expect(await devicesOf(me)).toEqual(devices);
    await engine.call('PUT', `/v1/subscribers/${id}`, {});
    expect(await devicesOf(me)).toEqual([]);
  });
});

describe('the key that browsers subscribe with', () => {
  const provider = '/v1/tenant/channels/push/providers/web-push';

  it('is the tenant’s own, once it has one', async () => {
    const { me } = await somebody();
    expect(await me('GET', '/v1/me/push-key')).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: 'web push is not set up' },
    });
    expect((await engine.call('PUT', provider, { credentials: vapid })).status).toBe(201);
    expect(await me('GET', '/v1/me/push-key')).toMatchObject({
      status: 200,
      body: { publicKey: vapid.publicKey },
    });
  });

  it('is read back, but never its private half', async () => {
    await engine.call('PUT', provider, { credentials: vapid });
    const { body } = await engine.call<{ credentials: object }>('GET', provider);
    expect(body.credentials).toMatchObject({ subject: vapid.subject, publicKey: vapid.publicKey });
    expect(JSON.stringify(body)).not.toContain(vapid.privateKey);
  });
});

it('says of a service account’s file that is none what is wrong with it, and where', async () => {
  const path = '/v1/tenant/channels/push/providers/fcm';
  const refused = await engine.call('PUT', path, { credentials: { apiKey: 'AIza', project_id: 'acme' } });
  expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  expect(refused.body.errors).toEqual([
    { path: 'credentials.client_email', message: 'is missing' },
    { path: 'credentials.private_key', message: 'is missing' },
  ]);
});
