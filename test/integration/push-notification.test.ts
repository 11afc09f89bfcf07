import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { broadcastTo } from '../support/broadcasts.js';
import { eventually } from '../support/engine.js';
import { startFakeFcm, testServiceAccount, type FakeFcm } from '../support/fake-fcm.js';
import { startFakePushService, testVapidKeys, type FakePushService } from '../support/fake-push-service.js';
import {
  accept,
  asPerson,
  ended,
  run,
  startChecked,
  tokenOf,
  type CheckedEngine,
  type Full,
} from '../unit/api-checked.js';

/* Through the whole engine: a person with a phone that FCM reaches, and a browser that web push reaches. */

const account = testServiceAccount();
const vapid = testVapidKeys();
let fcm: FakeFcm;
let service: FakePushService;
let engine: CheckedEngine;

beforeAll(async () => {
  [fcm, service] = await Promise.all([startFakeFcm(account), startFakePushService()]);
  engine = await startChecked({
    env: { CARILLON_PROVIDER_ENDPOINTS: `push/fcm=${fcm.url},push/web-push=${service.url}` },
  });
  const set = async (provider: string, credentials: object) =>
    expect(
      await engine.call('PUT', `/v1/tenant/channels/push/providers/${provider}`, { credentials }),
    ).toMatchObject({ status: 201 });
  await set('fcm', account);
  await set('web-push', vapid);
});
afterAll(async () => {
  await engine.stop();
  await Promise.all([fcm.close(), service.close()]);
});
afterEach(() => {
  fcm.behave();
  service.behave();
});

interface Somebody {
  id: string;
  phone: string;
  endpoint: string;
}

let count = 0;
/** With a phone and a browser, each registered by the person. */
async function somebody(): Promise<Somebody> {
  const id = `u-${(count += 1)}`;
  const phone = `phone-of-person-${count}:APA91b`;
  const { subscription } = service.subscribe(vapid.publicKey);
  const me = asPerson(engine, await tokenOf(engine, id));
  for (const body of [{ token: phone }, { subscription }]) {
    expect((await me('POST', '/v1/me/devices', body)).status).toBe(201);
  }
  expect((await me('PATCH', '/v1/me/preferences', { channels: { push: true } })).status).toBe(200);
  return { id, phone, endpoint: subscription.endpoint };
}

const push = (to: object) => ({
  type: 'direct',
  to,
  channels: ['push'],
  content: { push: { title: 'News', body: 'Something happened' } },
  actionUrl: 'https://app.example/news',
});
const told = ({ id }: Somebody) => push({ recipient: id });
const pushOf = ({ deliveries }: Pick<Full, 'deliveries'>) =>
  deliveries.find(({ channel }) => channel === 'push');
const tokensOf = async ({ id }: Somebody) =>
  (await engine.call<{ pushTokens: string[] }>('GET', `/v1/subscribers/${id}`)).body.pushTokens;
const onPhone = ({ phone }: Somebody) => fcm.messages.filter(({ token }) => token === phone);
const inBrowser = ({ endpoint }: Somebody) =>
  service.messages.filter((message) => message.endpoint === endpoint);

describe('a push notification', () => {
  it('reaches the phone and the browser, each through its provider', async () => {
    const ann = await somebody();
    const done = await run(engine, told(ann));
    expect(done.status).toBe('sent');
    expect(pushOf(done)).toMatchObject({
      status: 'sent',
      target: '1 device',
      retryCount: 0,
      attempts: [
        { provider: 'fcm', outcome: 'sent', providerResponse: '1 of 1 devices' },
        { provider: 'web-push', outcome: 'sent', providerResponse: '1 of 1 devices' },
      ],
    });
    const { id } = done;
    expect(onPhone(ann)).toMatchObject([
      { notification: { title: 'News' }, data: { notificationId: id, link: 'https://app.example/news' } },
    ]);
    expect(inBrowser(ann)).toMatchObject([
      { payload: { id, title: 'News', link: 'https://app.example/news' } },
    ]);
  });

  it('is sent where one provider fails, and the log has the failure', async () => {
    const ann = await somebody();
    fcm.behave(ann.phone, { status: 500 });
    expect(pushOf(await run(engine, told(ann)))).toMatchObject({
      status: 'sent',
      provider: 'web-push',
      retryCount: 0,
      failureReason: null,
      attempts: [
        { provider: 'fcm', outcome: 'failed', failureReason: 'provider_error' },
        { provider: 'web-push', outcome: 'sent' },
      ],
    });
  });

  it('is sent where the second provider fails, too', async () => {
    const ann = await somebody();
    service.behave(ann.endpoint, { status: 403, text: 'BadJwtToken' });
    expect(pushOf(await run(engine, told(ann)))).toMatchObject({
      status: 'sent',
      provider: 'fcm',
      failureReason: null,
      attempts: [
        { provider: 'fcm', outcome: 'sent' },
        { provider: 'web-push', outcome: 'failed', failureReason: 'auth_error' },
      ],
    });
  });

  it('is tried again where no provider took it, counted as one failure', async () => {
    const ann = await somebody();
    fcm.behave(ann.phone, { status: 503 });
    service.behave(ann.endpoint, { status: 400 });
    const id = await accept(engine, told(ann));
    const { body } = await eventually(
      'a retry that waits',
      () => engine.call<Full>('GET', `/v1/notifications/${id}`),
      (answer) => answer.status === 200 && pushOf(answer.body)?.status === 'retrying',
    );
    expect(pushOf(body)).toMatchObject({
      provider: 'fcm',
      retryCount: 1,
      failureReason: 'provider_error',
      attempts: [
        { provider: 'fcm', failureReason: 'provider_error' },
        { provider: 'web-push', failureReason: 'content_error' },
      ],
    });
    fcm.behave();
    service.behave();
    await engine.call('POST', `/v1/notifications/${id}/expedite`);
    expect(pushOf(await ended(engine, id))).toMatchObject({ status: 'sent', retryCount: 1 });
    expect([onPhone(ann).length, inBrowser(ann).length]).toEqual([1, 1]);
  });

  it('takes devices from the person that are gone', async () => {
    const ann = await somebody();
    fcm.behave(ann.phone, { status: 404, errorCode: 'UNREGISTERED' });
    expect(pushOf(await run(engine, told(ann)))?.status).toBe('sent');
    expect(await tokensOf(ann)).toEqual([expect.stringContaining(ann.endpoint)]);

    service.behave(ann.endpoint, { status: 410 });
    expect(pushOf(await run(engine, told(ann)))).toMatchObject({
      status: 'failed',
      failureReason: 'invalid_recipient',
    });
    expect(await tokensOf(ann)).toEqual([]);
  });

  it('of a broadcast reaches the devices of everybody, and forgets what is gone', async () => {
    const [ann, bob, cid] = await Promise.all([somebody(), somebody(), somebody()]);
    fcm.behave(bob.phone, { status: 404, errorCode: 'UNREGISTERED' });
    service.behave(cid.endpoint, { status: 500 });
    const people = [ann, bob, cid];
    const { type, channels, content } = told(ann);
    const to = { recipients: people.map(({ id }) => id) };
    const { counts } = await (
      await broadcastTo(engine, { type, channels, content, to, data: {} }, engine.tenantId)
    ).over();
    expect(counts).toMatchObject({ sent: 3, failed: 0 });
    expect(people.map((one) => [onPhone(one).length, inBrowser(one).length])).toEqual([
      [1, 1],
      [0, 1],
      [1, 0],
    ]);
    expect(await tokensOf(bob)).toEqual([expect.stringContaining(bob.endpoint)]);
    const { body } = await engine.call<{ items: Full['deliveries'] }>(
      'GET',
      `/v1/deliveries?recipient=${cid.id}`,
    );
    expect(body.items).toMatchObject([
      {
        status: 'sent',
        provider: 'fcm',
        attempts: [
          { provider: 'fcm', outcome: 'sent' },
          { provider: 'web-push', outcome: 'failed' },
        ],
      },
    ]);
  });
});

describe('verifying over the API', () => {
  it.each(['fcm', 'web-push'])('says that the credentials of %s work', async (provider) => {
    const answer = await engine.call('POST', `/v1/tenant/channels/push/providers/${provider}/verify`);
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
  });

  it('says what is wrong with an account', async () => {
    const other = { ...account, private_key: testServiceAccount().private_key };
    const answer = await engine.call('POST', '/v1/tenant/channels/push/providers/fcm/verify', {
      credentials: other,
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { ok: false, reason: 'auth_error', detail: 'invalid_grant: Invalid JWT Signature.' },
    });
  });
});
