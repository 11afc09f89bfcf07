import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChannelError, type SendContext } from '../../channels/channel.js';
import { webPushChannel } from '../../channels/push/web-push.js';
import { webPushCredentials } from '../../channels/push/web-push-credentials.js';
import { AddressNotAllowedError, type Network } from '../../contracts/network.js';
import type { PushMessage } from '../../contracts/messages.js';
import {
  PUSH_ORIGIN,
  startFakePushService,
  testVapidKeys,
  type FakePushService,
  type PushBehaviour,
  type TestBrowser,
} from '../support/fake-push-service.js';

/* The real SDK in front of a push service that checks signatures and decrypts what it is given as the browser would. */

const keys = testVapidKeys();
const credentials = webPushCredentials.parse(keys);
const channel = webPushChannel();
let service: FakePushService;
let laptop: TestBrowser;
let desktop: TestBrowser;

beforeAll(async () => {
  service = await startFakePushService();
  laptop = service.subscribe(keys.publicKey);
  desktop = service.subscribe(keys.publicKey);
});
afterAll(async () => {
  await channel.close();
  await service.close();
});
afterEach(() => service.behave());

/** The way out of a worker, where the service's public name leads to the one that runs here. */
const network: Network = {
  fetch(url, init) {
    const { origin, pathname, hostname } = new URL(url);
    if (origin !== PUSH_ORIGIN) throw new AddressNotAllowedError(hostname);
    return fetch(new URL(pathname, service.url), { ...init, redirect: 'manual' });
  },
  resolve: (host) => Promise.resolve(host),
};

function context(signal = new AbortController().signal): SendContext {
  return { tenantId: 'acme', signal, timeoutMs: 30_000, network, idempotencyKey: 'n-1-push:h' };
}

const tokenOf = ({ subscription: { endpoint, keys } }: TestBrowser) => JSON.stringify({ endpoint, keys });
const to = (...browsers: TestBrowser[]) => JSON.stringify(browsers.map(tokenOf).sort());

function message(fields: Partial<PushMessage> = {}): PushMessage {
  return {
    channel: 'push',
    to: to(laptop),
    id: 'ntf_1',
    title: 'Approval needed',
    body: 'Ann asks for your approval',
    data: { notificationId: 'ntf_1', type: 'approval_request' },
    priority: 'normal',
    actions: [],
    ...fields,
  };
}

async function failureOf(sending: Promise<unknown>): Promise<ChannelError> {
  const error = await sending.then(
    () => new Error('it was sent'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ChannelError) return error;
  throw error;
}

async function failure(behaviour: PushBehaviour): Promise<ChannelError> {
  service.behave(laptop.subscription.endpoint, behaviour);
  return failureOf(channel.send(message(), credentials, context()));
}

describe('a push to a browser', () => {
  it('arrives encrypted for it, signed by the tenant, with time to live, urgency and topic', async () => {
    const before = service.messages.length;
    const receipt = await channel.send(
      message({
        link: 'https://app.example/contracts/c-1',
        imageUrl: 'https://app.example/c-1.png',
        actions: [{ label: 'Review', url: 'https://app.example/contracts/c-1/review' }],
        priority: 'critical',
        threadKey: 'c-1',
        expiresAt: new Date(Date.now() + 3_600_500).toISOString(),
      }),
      credentials,
      context(),
    );
    expect(receipt).toEqual({ providerResponse: '1 of 1 devices' });
    expect(service.messages.slice(before)).toEqual([
      {
        endpoint: laptop.subscription.endpoint,
        headers: expect.objectContaining({
          ttl: expect.stringMatching(/^3(600|59\d)$/) as string,
          urgency: 'high',
          topic: expect.stringMatching(/^[\w-]{32}$/) as string,
        }) as object,
        payload: {
          id: 'ntf_1',
          title: 'Approval needed',
          body: 'Ann asks for your approval',
          link: 'https://app.example/contracts/c-1',
          image: 'https://app.example/c-1.png',
          thread: 'c-1',
          actions: [{ label: 'Review', url: 'https://app.example/contracts/c-1/review' }],
          data: { notificationId: 'ntf_1', type: 'approval_request' },
        },
      },
    ]);
  });

  it('fits the service at its very limit, and is refused before it is sent above it', async () => {
    const room = 3993 - Buffer.byteLength(JSON.stringify({ ...payloadOf(), body: '' }));
    await expect(
      channel.send(message({ body: 'b'.repeat(room) }), credentials, context()),
    ).resolves.toBeDefined();
    const before = service.asked;
    expect(
      await failureOf(channel.send(message({ body: 'b'.repeat(room + 1) }), credentials, context())),
    ).toMatchObject({ reason: 'content_error', providerResponse: 'not sent: it is larger than 3993 bytes' });
    expect(service.asked).toBe(before);
  });

  it('is sent where one browser took it, and names the one that is gone', async () => {
    service.behave(desktop.subscription.endpoint, { status: 410 });
    const receipt = await channel.send(message({ to: to(laptop, desktop) }), credentials, context());
    expect(receipt).toMatchObject({
      providerResponse: '1 of 2 devices; 1 gone',
      goneTargets: [tokenOf(desktop)],
    });
  });

  it.each([404, 410])('has an invalid recipient where the only browser is gone (%i)', async (status) => {
    const error = await failure({ status, text: `no ${laptop.subscription.endpoint}` });
    expect(error).toMatchObject({ reason: 'invalid_recipient', goneTargets: [tokenOf(laptop)] });
    expect(error.providerResponse).not.toContain(laptop.subscription.endpoint.slice(-20));
  });

  it('counts a browser as gone whose endpoint leads where it may not', async () => {
    const token = JSON.stringify({ ...laptop.subscription, endpoint: 'https://internal.example/x' });
    const sending = channel.send(message({ to: JSON.stringify([token]) }), credentials, context());
    expect(await failureOf(sending)).toMatchObject({ reason: 'invalid_recipient', goneTargets: [token] });
  });

  it('counts a browser as gone whose key is no point of the curve', async () => {
    const { endpoint, keys: own } = laptop.subscription;
    const token = JSON.stringify({ endpoint, keys: { ...own, p256dh: `B${'A'.repeat(86)}` } });
    const sending = channel.send(message({ to: JSON.stringify([token]) }), credentials, context());
    expect(await failureOf(sending)).toMatchObject({ reason: 'invalid_recipient', goneTargets: [token] });
  });

  it('goes through a proxy where the deployment names one', async () => {
    const before = service.messages.length;
    const proxied = webPushChannel({ endpoint: service.url });
    const nowhere: Network = { ...network, fetch: () => Promise.reject(new Error('not this way')) };
    await proxied.send(message(), credentials, { ...context(), network: nowhere });
    expect(service.messages.length - before).toBe(1);
  });
});

describe('what a push service answers', () => {
  it.each<[PushBehaviour, object]>([
    [{ status: 401 }, { reason: 'auth_error' }],
    [
      { status: 403, text: 'BadJwtToken' },
      { reason: 'auth_error', providerResponse: '403 BadJwtToken' },
    ],
    [{ status: 400 }, { reason: 'content_error' }],
    [{ status: 413 }, { reason: 'content_error' }],
    [
      { status: 429, headers: { 'retry-after': '120' } },
      { reason: 'rate_limited', retryAfterMs: 120_000 },
    ],
    [{ status: 500 }, { reason: 'provider_error', providerDown: true }],
    [
      { status: 503, headers: { 'retry-after': '60' } },
      { reason: 'provider_error', retryAfterMs: 60_000 },
    ],
    [{ status: 302, headers: { location: 'http://127.0.0.1/' } }, { reason: 'provider_error' }],
  ])('%o is classified', async (behaviour, expected) => {
    expect(await failure(behaviour)).toMatchObject(expected);
  });

  it('is a refusal of the signature where the browser subscribed with another key', async () => {
    const other = webPushCredentials.parse(testVapidKeys());
    expect(await failureOf(channel.send(message(), other, context()))).toMatchObject({
      reason: 'auth_error',
      providerResponse: '403 the key is not the one of the subscription',
    });
  });

  it('is nothing, and a failure of the network, where the time is up', async () => {
    const controller = new AbortController();
    controller.abort(new DOMException('too late', 'TimeoutError'));
    expect(await failureOf(channel.send(message(), credentials, context(controller.signal)))).toMatchObject({
      reason: 'network_error',
      providerDown: true,
      providerResponse: 'no answer in time',
    });
  });
});

it('verifies that the keys sign for one another', async () => {
  await channel.verify(credentials, context());
  const torn = { ...credentials, publicKey: testVapidKeys().publicKey };
  expect(await failureOf(channel.verify(torn, context()))).toMatchObject({ reason: 'auth_error' });
});

function payloadOf() {
  const { id, title, body, actions, data } = message();
  return { id, title, body, actions, data };
}
