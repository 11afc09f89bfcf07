import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ChannelError } from '../../channels/channel.js';
import { receiptOf, type DeviceResult } from '../../channels/push/device-results.js';
import { fcmCredentials } from '../../channels/push/fcm-credentials.js';
import { timeToLiveSeconds } from '../../channels/push/time-to-live.js';
import { devicesTarget, tokensOf } from '../../channels/push/tokens.js';
import { webPushCredentials } from '../../channels/push/web-push-credentials.js';
import { deviceAddress, pushToken } from '../../contracts/devices.js';
import { testServiceAccount } from '../support/fake-fcm.js';
import { testVapidKeys } from '../support/fake-push-service.js';

const p256dh = testVapidKeys().publicKey;
const keys = { p256dh, auth: 'A'.repeat(22) };
const subscription = { endpoint: 'https://push.example/send/1', keys };
const browser = JSON.stringify(subscription);

const issuesOf = (parsed: { error?: { issues: { path: PropertyKey[]; message: string }[] } }) =>
  parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('the target of a push', () => {
  const contact = {
    id: 'u-1',
    hasInbox: true,
    pushTokens: ['b-token', browser, 'a-token', 'b-token', '{"no":1}'],
  };

  it('is all devices that a provider reaches, each once', () => {
    expect(tokensOf(devicesTarget(contact, 'fcm') ?? '')).toEqual(['a-token', 'b-token']);
    expect(tokensOf(devicesTarget(contact, 'web-push') ?? '')).toEqual([browser]);
  });

  it('is the same in whichever order they are stored', () => {
    const turned = { ...contact, pushTokens: [...contact.pushTokens].reverse() };
    expect(devicesTarget(turned, 'fcm')).toBe(devicesTarget(contact, 'fcm'));
  });

  it('is nowhere without a device', () => {
    expect(devicesTarget({ ...contact, pushTokens: [browser] }, 'fcm')).toBeUndefined();
    expect(devicesTarget({ ...contact, pushTokens: ['a'] }, 'web-push')).toBeUndefined();
  });

  it.each(['token', '[]', '{}', '[""]', '[1]'])('is not the text %s', (text) => {
    expect(() => tokensOf(text)).toThrow(ChannelError);
  });
});

describe('a device', () => {
  it('is the same however its browser writes the subscription', () => {
    const { auth } = keys;
    const written = { keys: { auth, p256dh }, expirationTime: null, endpoint: subscription.endpoint };
    expect(deviceAddress.parse({ subscription: written })).toBe(browser);
    expect(pushToken.parse(JSON.stringify(written))).toBe(browser);
    expect(deviceAddress.parse({ token: 'a-token' })).toBe('a-token');
  });

  it.each<[object, string]>([
    [{}, ': must hold either token or subscription'],
    [{ token: 'a', subscription }, ': must hold either token or subscription'],
    [{ token: browser }, 'token: is a subscription: send it as one'],
    [
      { subscription: { ...subscription, endpoint: 'http://push.example/1' } },
      'subscription.endpoint: must be an https URL',
    ],
    [
      { subscription: { ...subscription, keys: { ...keys, auth: 'short' } } },
      'subscription.keys.auth: must be 16 bytes in base64url',
    ],
    [
      { subscription: { ...subscription, keys: { ...keys, p256dh: 'A'.repeat(87) } } },
      'subscription.keys.p256dh: must be an uncompressed P-256 point, 65 bytes in base64url',
    ],
  ])('is not %j', (given, issue) => {
    expect(issuesOf(deviceAddress.safeParse(given))).toEqual([issue]);
  });

  it('as JSON is one only where it is a subscription', () => {
    expect(pushToken.safeParse('{"endpoint":"https://push.example"}').success).toBe(false);
    expect(pushToken.safeParse('{').success).toBe(false);
  });
});

describe('FCM credentials', () => {
  const account = testServiceAccount();

  it('are Google’s key file, as an object, as its text, or what they were before', () => {
    const parsed = fcmCredentials.parse(account);
    expect(Object.keys(parsed).sort()).toEqual([
      'client_email',
      'private_key',
      'private_key_id',
      'project_id',
    ]);
    expect(fcmCredentials.parse(JSON.stringify(account))).toEqual(parsed);
    expect(fcmCredentials.parse(parsed)).toEqual(parsed);
  });

  it('may have gone through an environment variable', () => {
    const given = { ...account, private_key: account.private_key.replaceAll('\n', '\\n') };
    expect(fcmCredentials.parse(given)).toEqual(fcmCredentials.parse(account));
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each<[unknown, string]>([
    ['not JSON', ': must be the JSON of a service account’s key'],
    [{ ...account, type: 'authorized_user' }, 'type: must be service_account: this is another kind of file'],
    [{ ...account, project_id: '../other' }, 'project_id: is not a Google Cloud project ID'],
    [{ ...account, private_key: 'secret' }, 'private_key: is not an RSA private key in PEM'],
    [
      { ...account, private_key: ec.export({ type: 'pkcs8', format: 'pem' }) },
      'private_key: is not an RSA private key in PEM',
    ],
    [
      { ...account, token_uri: 'http://169.254.169.254/token' },
      'token_uri: must be Google’s, https://oauth2.googleapis.com/token',
    ],
    [{ ...account, universe_domain: 'evil.example' }, 'universe_domain: must be googleapis.com'],
  ])('are not taken where they are no such file (%#)', (given, issue) => {
    expect(issuesOf(fcmCredentials.safeParse(given))).toEqual([issue]);
  });

  it('name every field that is missing, and repeat no value', () => {
    const issues = issuesOf(fcmCredentials.safeParse({ private_key: 'secret-text', google: 'maps-key' }));
    expect(issues?.map((issue) => issue.split(':')[0])).toEqual([
      'project_id',
      'client_email',
      'private_key',
    ]);
    expect(JSON.stringify(issues)).not.toContain('secret-text');
  });
});

describe('web push credentials', () => {
  const pair = testVapidKeys();

  it('are a pair of keys with a subject, and what they were before', () => {
    const parsed = webPushCredentials.parse(pair);
    expect(parsed).toEqual(pair);
    expect(webPushCredentials.parse(parsed)).toEqual(parsed);
    expect(webPushCredentials.safeParse({ ...pair, subject: 'https://acme.example/push' }).success).toBe(
      true,
    );
  });

  it.each<[object, string]>([
    [{ publicKey: testVapidKeys().publicKey }, 'privateKey: is not the key of this publicKey'],
    [{ privateKey: 'A'.repeat(43) }, 'privateKey: is not the key of this publicKey'],
    [{ privateKey: 'short' }, 'privateKey: must be 32 bytes in base64url'],
    [{ publicKey: 'A'.repeat(87) }, 'publicKey: must be 65 bytes in base64url, an uncompressed point'],
    [
      { subject: 'push@acme.example' },
      'subject: must be a mailto: address or an https: URL that Apple can reach',
    ],
    [
      { subject: 'https://localhost/' },
      'subject: must be a mailto: address or an https: URL that Apple can reach',
    ],
  ])('are not %j', (given, issue) => {
    expect(issuesOf(webPushCredentials.safeParse({ ...pair, ...given }))).toEqual([issue]);
  });
});

describe('the receipt for several devices', () => {
  const gone: DeviceResult = { status: 'gone', token: 'g', response: 'gone' };
  const failed = (...error: ConstructorParameters<typeof ChannelError>): DeviceResult => ({
    status: 'failed',
    token: 'f',
    error: new ChannelError(...error),
  });

  it('is a failure that a later attempt may mend, where there is one', () => {
    const results = [
      failed('auth_error'),
      gone,
      failed('rate_limited', { retryAfterMs: 5 }),
      failed('network_error', { retryAfterMs: 9 }),
    ];
    expect(() => receiptOf(results)).toThrow(
      expect.objectContaining({ reason: 'rate_limited', retryAfterMs: 9, goneTargets: ['g'] }) as Error,
    );
  });

  it('is an invalid recipient where all are gone', () => {
    expect(() => receiptOf([gone, gone])).toThrow(
      expect.objectContaining({ reason: 'invalid_recipient' }) as Error,
    );
  });
});

describe('how long a message waits for a device', () => {
  const nowMs = Date.parse('2026-12-01T08:00:00Z');
  it.each([
    [undefined, 2_419_200],
    ['2026-12-01T08:00:30.900Z', 30],
    ['2026-12-01T07:00:00Z', 0],
    ['2027-12-01T08:00:00Z', 2_419_200],
  ])('is, when it expires at %s, %d seconds', (expiresAt, seconds) => {
    expect(timeToLiveSeconds(expiresAt, nowMs)).toBe(seconds);
  });
});
