import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChannelError, type SendContext } from '../../channels/channel.js';
import { fcmChannel } from '../../channels/push/fcm.js';
import { fcmCredentials, type FcmCredentials } from '../../channels/push/fcm-credentials.js';
import type { PushMessage } from '../../contracts/messages.js';
import { openNetwork } from '../../runtime/outbound.js';
import { startFakeFcm, testServiceAccount, type FakeFcm, type FcmBehaviour } from '../support/fake-fcm.js';

/* The real SDK in front of a server that stands for Google's token endpoint and for FCM. */

const account = testServiceAccount();
const phone = 'phone-token-0001:APA91b';
const tablet = 'tablet-token-0002:APA91b';
let fcm: FakeFcm;
let channel: ReturnType<typeof fcmChannel>;
let credentials: FcmCredentials;

beforeAll(async () => {
  fcm = await startFakeFcm(account);
  channel = fcmChannel({ endpoint: fcm.url });
  credentials = fcmCredentials.parse(account);
});
afterAll(async () => {
  await channel.close();
  await fcm.close();
});
afterEach(() => {
  fcm.behave();
  fcm.behaveAtToken();
});

function context(signal = new AbortController().signal, tenantId = 'acme'): SendContext {
  return { tenantId, signal, timeoutMs: 30_000, network: openNetwork, idempotencyKey: 'n-1-push:h' };
}

function message(fields: Partial<PushMessage> = {}): PushMessage {
  return {
    channel: 'push',
    to: JSON.stringify([phone]),
    id: 'ntf_1',
    title: 'Approval needed',
    body: 'Ann asks for your approval',
    data: { notificationId: 'ntf_1', type: 'approval_request' },
    priority: 'normal',
    actions: [],
    ...fields,
  };
}

const to = (...tokens: string[]) => ({ to: JSON.stringify(tokens) });

/** The error of a send to one device that FCM answers so. */
async function failure(behaviour: FcmBehaviour, send = context()): Promise<ChannelError> {
  fcm.behave('*', behaviour);
  return failureOf(channel.send(message(), credentials, send));
}

async function failureOf(sending: Promise<unknown>): Promise<ChannelError> {
  const error = await sending.then(
    () => new Error('it was sent'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ChannelError) return error;
  throw error;
}

describe('a push through FCM', () => {
  it('carries notification, data and the options of each platform', async () => {
    const before = fcm.messages.length;
    const receipt = await channel.send(
      message({
        link: 'https://app.example/contracts/c-1',
        imageUrl: 'https://app.example/c-1.png',
        actions: [{ label: 'Review', url: 'https://app.example/contracts/c-1/review' }],
        priority: 'high',
        threadKey: 'c-1',
        expiresAt: new Date(Date.now() + 3_600_500).toISOString(),
      }),
      credentials,
      context(),
    );
    expect(receipt).toMatchObject({
      providerMessageId: expect.stringMatching(/^projects\/acme-push\/messages\//),
      providerResponse: '1 of 1 devices',
    });
    expect(fcm.messages.slice(before)).toEqual([
      {
        token: phone,
        notification: {
          title: 'Approval needed',
          body: 'Ann asks for your approval',
          image: 'https://app.example/c-1.png',
        },
        data: {
          notificationId: 'ntf_1',
          type: 'approval_request',
          link: 'https://app.example/contracts/c-1',
          threadKey: 'c-1',
          actions: '[{"label":"Review","url":"https://app.example/contracts/c-1/review"}]',
        },
        android: {
          priority: 'high',
          ttl: '3600s',
          notification: { tag: 'ntf_1', image: 'https://app.example/c-1.png' },
        },
        apns: {
          headers: {
            'apns-collapse-id': 'ntf_1',
            'apns-expiration': expect.stringMatching(/^\d{10}$/),
            'apns-priority': '10',
          },
          payload: { aps: { 'thread-id': 'c-1', 'mutable-content': 1 } },
          fcmOptions: { image: 'https://app.example/c-1.png' },
        },
        webpush: {
          headers: { TTL: '3600', Urgency: 'high', Topic: expect.stringMatching(/^[\w-]{32}$/) },
          notification: {
            tag: 'ntf_1',
            image: 'https://app.example/c-1.png',
            actions: [{ action: '0', title: 'Review' }],
          },
          fcmOptions: { link: 'https://app.example/contracts/c-1' },
        },
      },
    ]);
  });

  it('goes to each device once, with one access token over connections that are kept', async () => {
    const before = { tokens: fcm.tokensGranted, messages: fcm.messages.length };
    for (let round = 0; round < 3; round += 1) {
      await channel.send(message(to(phone, tablet)), credentials, context());
    }
    expect(
      fcm.messages
        .slice(before.messages)
        .map(({ token }) => token)
        .sort(),
    ).toEqual([phone, phone, phone, tablet, tablet, tablet].sort());
    expect(fcm.tokensGranted - before.tokens).toBeLessThanOrEqual(1);
    expect(fcm.connections).toBeLessThan(8);
  });

  it('is sent where one device is gone, and names that one', async () => {
    fcm.behave(tablet, {
      status: 404,
      errorCode: 'UNREGISTERED',
      message: 'Requested entity was not found.',
    });
    const receipt = await channel.send(message(to(phone, tablet)), credentials, context());
    expect(receipt).toMatchObject({ providerResponse: '1 of 2 devices; 1 gone', goneTargets: [tablet] });
  });

  it('is sent where one device fails, and says so', async () => {
    fcm.behave(tablet, { status: 500, message: 'Internal error encountered.' });
    const receipt = await channel.send(message(to(phone, tablet)), credentials, context());
    expect(receipt.providerResponse).toMatch(/^1 of 2 devices; 1 failed: messaging\/internal-error/);
    expect(receipt.goneTargets).toBeUndefined();
  });

  it('has an invalid recipient where all devices are gone', async () => {
    fcm.behave(phone, { status: 404, errorCode: 'UNREGISTERED', message: 'Requested entity was not found.' });
    const error = await failureOf(channel.send(message(to(phone, 'no token!')), credentials, context()));
    expect(error).toMatchObject({ reason: 'invalid_recipient', retryable: false });
    expect([...error.goneTargets].sort()).toEqual(['no token!', phone].sort());
    expect(JSON.stringify([error.providerResponse, error.message])).not.toContain(phone);
  });

  it('forgets what is gone and is tried again for the rest, where nobody took it', async () => {
    fcm.behave(phone, { status: 404, errorCode: 'UNREGISTERED' });
    fcm.behave(tablet, { status: 500 });
    const error = await failureOf(channel.send(message(to(phone, tablet)), credentials, context()));
    expect(error).toMatchObject({ reason: 'provider_error', goneTargets: [phone] });
  });

  it('of more than 4096 bytes is refused before it is sent', async () => {
    const before = fcm.asked;
    const error = await failureOf(channel.send(message({ body: 'ü'.repeat(2100) }), credentials, context()));
    expect(error).toMatchObject({
      reason: 'content_error',
      providerResponse: expect.stringContaining('4096'),
    });
    expect(fcm.asked).toBe(before);
    expect(() => channel.check(message({ title: ' ', body: '' }))).toThrow(ChannelError);
  });
});

describe('what FCM answers', () => {
  it.each<[string, FcmBehaviour, object]>([
    [
      'a sender of another project',
      { status: 403, errorCode: 'SENDER_ID_MISMATCH' },
      { reason: 'auth_error' },
    ],
    [
      'a wrong APNs certificate',
      { status: 401, errorCode: 'THIRD_PARTY_AUTH_ERROR' },
      { reason: 'auth_error' },
    ],
    [
      'a payload that is too big',
      { status: 400, errorCode: 'INVALID_ARGUMENT', message: 'Message is too big' },
      { reason: 'content_error' },
    ],
    [
      'quota exceeded',
      { status: 429, errorCode: 'QUOTA_EXCEEDED', headers: { 'retry-after': '90' } },
      { reason: 'rate_limited', retryAfterMs: 90_000, providerDown: false },
    ],
    [
      '429 in plain text',
      { status: 429, text: 'slow down', headers: { 'retry-after': '5' } },
      { reason: 'rate_limited', retryAfterMs: 5_000 },
    ],
    ['500', { status: 500, errorCode: 'INTERNAL' }, { reason: 'provider_error', providerDown: true }],
    [
      'a gateway’s page',
      { status: 502, text: '<html>bad gateway</html>' },
      { reason: 'provider_error', providerDown: true },
    ],
    ['nothing, and hangs up', 'cut', { reason: 'network_error', providerDown: true }],
  ])('%s is classified', async (_what, behaviour, expected) => {
    expect(await failure(behaviour)).toMatchObject(expected);
  });

  it('503 is answered at once with its Retry-After, and not asked again behind the back of the policy', async () => {
    const before = fcm.asked;
    const error = await failure({ status: 503, errorCode: 'UNAVAILABLE', headers: { 'retry-after': '30' } });
    expect(error).toMatchObject({ reason: 'provider_error', providerDown: true, retryAfterMs: 30_000 });
    expect(fcm.asked - before).toBe(1);
  });

  it('nothing until the time is up', async () => {
    const controller = new AbortController();
    const sending = failure('hang', context(controller.signal));
    controller.abort(new DOMException('too late', 'TimeoutError'));
    expect(await sending).toMatchObject({
      reason: 'network_error',
      providerDown: true,
      providerResponse: 'no answer in time',
    });
  });

  it('nothing until the worker must go, which says nothing of FCM', async () => {
    const controller = new AbortController();
    const sending = failure('hang', context(controller.signal));
    controller.abort(new DOMException('told to stop', 'AbortError'));
    expect(await sending).toMatchObject({ reason: 'network_error', providerDown: false });
  });

  it('repeats no token and no address', async () => {
    const error = await failure({
      status: 400,
      errorCode: 'INVALID_ARGUMENT',
      message: `${phone} Ann asks for your approval ${account.client_email}`,
    });
    expect(error.providerResponse).toBe('messaging/invalid-argument: [redacted] [redacted] [redacted]');
  });
});

describe('the access token', () => {
  it('is asked for again after one that is not taken any more', async () => {
    await channel.send(message(), credentials, context());
    fcm.revokeTokens();
    expect(await failureOf(channel.send(message(), credentials, context()))).toMatchObject({
      reason: 'auth_error',
    });
    await expect(channel.send(message(), credentials, context())).resolves.toBeDefined();
  });

  it('is refused for a key that is not the account’s', async () => {
    const other = fcmCredentials.parse({ ...account, private_key: testServiceAccount().private_key });
    expect(await failureOf(channel.send(message(), other, context()))).toMatchObject({
      reason: 'auth_error',
      providerResponse: 'invalid_grant: Invalid JWT Signature.',
    });
  });

  it.each<[string, FcmBehaviour, object]>([
    [
      'a disorder at Google’s',
      { status: 500, text: 'oops' },
      { reason: 'provider_error', providerDown: true },
    ],
    [
      'too many',
      { status: 429, text: '{}', headers: { 'retry-after': '7' } },
      { reason: 'rate_limited', retryAfterMs: 7000 },
    ],
    ['a connection cut', 'cut', { reason: 'network_error', providerDown: true }],
  ])('that is not given for %s is no fault of the account’s', async (_what, behaviour, expected) => {
    const tenant = context(undefined, `tenant-${_what}`);
    fcm.behaveAtToken(behaviour);
    expect(await failureOf(channel.send(message(), credentials, tenant))).toMatchObject(expected);
  });
});

describe('verifying', () => {
  it('gets an access token and sends a dry run to nobody', async () => {
    const before = { dryRuns: fcm.dryRuns, messages: fcm.messages.length, tokens: fcm.tokensGranted };
    await channel.verify(credentials, context());
    expect(fcm.dryRuns - before.dryRuns).toBe(1);
    expect(fcm.tokensGranted - before.tokens).toBe(1);
    expect(fcm.messages.length).toBe(before.messages);
  });

  it('says what is wrong', async () => {
    const elsewhere = fcmCredentials.parse({ ...account, project_id: 'another-project' });
    expect(await failureOf(channel.verify(elsewhere, context()))).toMatchObject({
      reason: 'auth_error',
      providerResponse: expect.stringContaining('Permission denied'),
    });
  });
});

describe('a channel', () => {
  it('keeps a bounded number of apps, and sends nothing once closed', async () => {
    const small = fcmChannel({ endpoint: fcm.url, maxApps: 1 });
    await Promise.all(
      ['a', 'b', 'c'].map((tenant) => small.send(message(), credentials, context(undefined, tenant))),
    );
    const { getApps } = await import('firebase-admin/app');
    const before = getApps().length;
    await small.close();
    expect(before - getApps().length).toBe(1);
    expect(await failureOf(small.send(message(), credentials, context()))).toMatchObject({
      reason: 'network_error',
      providerDown: false,
    });
  });
});
