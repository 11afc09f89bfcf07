import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { subscriptionOf, type PushSubscription } from '../../contracts/devices.js';
import type { PushMessage } from '../../contracts/messages.js';
import { ChannelError, type Receipt, type SendContext, type SendingChannel } from '../channel.js';
import { call, httpFailure, type HttpAnswer } from '../http-failure.js';
import { receiptOf, type DeviceResult } from './device-results.js';
import { topicOf, urgencyOf } from './fcm-message.js';
import { timeToLiveSeconds } from './time-to-live.js';
import { devicesTarget, tokensOf } from './tokens.js';
import { webPushCredentials, type WebPushCredentials } from './web-push-credentials.js';
import { checkWebPush, webPushPayload } from './web-push-payload.js';

/**
 * Push to browsers through whichever push service each of them chose (RFC 8030), encrypted for the browser (RFC 8291)
 * and signed for the tenant (RFC 8292). At least once: a repeated send replaces the one before it.
 * @param options.endpoint an origin at which every push service is reached instead of its own.
 */
export function webPushChannel({ endpoint }: { endpoint?: string } = {}): SendingChannel<
  PushMessage,
  WebPushCredentials
> {
  return {
    channel: 'push',
    provider: 'web-push',
    delivery: 'sent',
    reachesOwnDevices: true,
    credentials: webPushCredentials,
    shown: ['subject', 'publicKey'],
    targetOf: (contact) => devicesTarget(contact, 'web-push'),
    check: checkWebPush,
    verify: (credentials) => verify(credentials),
    send: (message, credentials, context) => send(endpoint, message, credentials, context),
    close: () => Promise.resolve(),
  };
}

async function send(
  endpoint: string | undefined,
  message: PushMessage,
  credentials: WebPushCredentials,
  context: SendContext,
): Promise<Receipt> {
  checkWebPush(message);
  const tokens = tokensOf(message.to);
  const results = tokens.map((token) => sendToBrowser(endpoint, token, message, credentials, context));
  return receiptOf(await Promise.all(results));
}

async function sendToBrowser(
  endpoint: string | undefined,
  token: string,
  message: PushMessage,
  credentials: WebPushCredentials,
  context: SendContext,
): Promise<DeviceResult> {
  const subscription = subscriptionOf(token);
  const request = subscription && (await requestOf(subscription, message, credentials));
  if (!request) return { status: 'gone', token, response: 'not sent: the subscription has no usable keys' };
  try {
    const answer = await post(endpoint, subscription.endpoint, request, context);
    if (answer.status >= 200 && answer.status < 300) return { status: 'sent', token };
    return refusal(answer, token, secretsOf(subscription, message));
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    // A browser's endpoint leads where it may not: no later attempt will be let there.
    if (error.reason === 'invalid_recipient') {
      return { status: 'gone', token, response: error.providerResponse ?? error.reason };
    }
    return { status: 'failed', token, error };
  }
}

/** The endpoint came from a person's browser: it is reached by the guarded way only. */
function post(
  instead: string | undefined,
  endpoint: string,
  request: RequestInit,
  context: SendContext,
): Promise<HttpAnswer> {
  if (instead === undefined) return call(context.network, endpoint, request, context, 'invalid_recipient');
  const { pathname, search } = new URL(endpoint);
  const proxy = { fetch: (url: string, init?: RequestInit) => fetch(url, { ...init, redirect: 'manual' }) };
  return call(proxy, new URL(`${pathname}${search}`, instead).href, request, context);
}

/** Undefined for keys that look right and are no point of the curve. */
async function requestOf(
  { endpoint, keys }: PushSubscription,
  message: PushMessage,
  credentials: WebPushCredentials,
): Promise<RequestInit | undefined> {
  const { default: webPush } = await import('web-push');
  try {
    const { headers, body } = webPush.generateRequestDetails({ endpoint, keys }, webPushPayload(message), {
      vapidDetails: credentials,
      TTL: timeToLiveSeconds(message.expiresAt),
      urgency: urgencyOf(message.priority),
      topic: topicOf(message.id),
      contentEncoding: 'aes128gcm',
    });
    // fetch counts the bytes itself, and refuses to be told.
    const { 'Content-Length': _length, ...others } = headers;
    return { method: 'POST', headers: others, body: new Uint8Array(body) };
  } catch (error) {
    if (isWrongPoint(error)) return undefined;
    throw error;
  }
}

/** The parts of the endpoint too: whoever knows one of them knows the browser. */
function secretsOf({ endpoint, keys }: PushSubscription, { title, body }: PushMessage): string[] {
  const { pathname, search } = new URL(endpoint);
  const parts = `${pathname}${search}`.split(/[/?&=]/).filter((part) => part.length >= 8);
  return [endpoint, ...parts, keys.p256dh, keys.auth, title, body];
}

function isWrongPoint(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY';
}

/** RFC 8030 sections 5 and 7.3: 404 and 410 end a subscription; RFC 8292 section 4.2 and Apple: 401 and 403 refuse the signature. */
function refusal(answer: HttpAnswer, token: string, secrets: readonly string[]): DeviceResult {
  const { status } = answer;
  const error = httpFailure(answer, secrets);
  if (status === 404 || status === 410) {
    return { status: 'gone', token, response: error.providerResponse ?? `${status}` };
  }
  if (error.reason !== 'invalid_recipient') return { status: 'failed', token, error };
  // A redirect, or a method that is not allowed: a service in disorder is no browser that went.
  return { status: 'failed', token, error: httpFailure(answer, secrets, 'provider_error') };
}

/**
 * Without a browser nothing can be sent, and no push service answers for keys alone: so this signs as a send does, and
 * checks the signature as a push service does.
 * @throws {ChannelError} `auth_error`.
 */
async function verify({ subject, publicKey, privateKey }: WebPushCredentials): Promise<void> {
  const { default: webPush } = await import('web-push');
  const { Authorization } = webPush.getVapidHeaders(
    'https://push.example.com',
    subject,
    publicKey,
    privateKey,
    'aes128gcm',
  );
  const [signed = '', signature = ''] =
    /^vapid t=([^.]+\.[^.]+)\.([^,]+),/.exec(Authorization)?.slice(1) ?? [];
  const point = Buffer.from(publicKey, 'base64url');
  const key = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const checks = verifySignature(
    'sha256',
    Buffer.from(signed),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!checks) throw new ChannelError('auth_error', { providerResponse: 'the keys are no pair' });
}
