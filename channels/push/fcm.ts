import type { BaseMessage, Message } from 'firebase-admin/messaging';
import type { PushMessage } from '../../contracts/messages.js';
import {
  ChannelError,
  type CallContext,
  type Receipt,
  type SendContext,
  type SendingChannel,
} from '../channel.js';
import { receiptOf, type DeviceResult } from './device-results.js';
import { FcmApps, type FcmApp } from './fcm-apps.js';
import { fcmCredentials, type FcmCredentials } from './fcm-credentials.js';
import { fcmFailure } from './fcm-failure.js';
import { checkFcm, fcmMessage } from './fcm-message.js';
import { devicesTarget, tokensOf } from './tokens.js';

/** An app at rest holds an access token and no connection. */
const DEFAULT_APPS = 100;
/** Nobody is subscribed to it; a dry run checks whether one could be sent there. */
const VERIFY_TOPIC = 'carillon-verify';

/**
 * Push through Firebase Cloud Messaging, HTTP v1, to Android, iOS and browsers. At least once: a repeated send replaces
 * the one before it on the device. Sent one by one with `send`, for `sendEach` takes no agent.
 * @param options.endpoint where Google is reached instead: an origin that answers `POST /token` and FCM's paths.
 * @param options.maxApps service accounts that are kept ready, the latest used. Default 100.
 */
export function fcmChannel({
  endpoint,
  maxApps = DEFAULT_APPS,
}: { endpoint?: string; maxApps?: number } = {}): SendingChannel<PushMessage, FcmCredentials> {
  const apps = new FcmApps(maxApps, endpoint === undefined ? undefined : new URL(endpoint));
  return {
    channel: 'push',
    provider: 'fcm',
    delivery: 'sent',
    reachesOwnDevices: true,
    credentials: fcmCredentials,
    shown: ['project_id', 'client_email'],
    targetOf: (contact) => devicesTarget(contact, 'fcm'),
    check: checkFcm,
    verify: (credentials, context) => verify(apps, credentials, context),
    send: (message, credentials, context) => send(apps, message, credentials, context),
    close: () => apps.close(),
  };
}

async function send(
  apps: FcmApps,
  message: PushMessage,
  credentials: FcmCredentials,
  context: SendContext,
): Promise<Receipt> {
  checkFcm(message);
  const tokens = tokensOf(message.to);
  const secrets = [...tokens, message.title, message.body, credentials.client_email];
  const content = fcmMessage(message);
  try {
    return await apps.use(context.tenantId, credentials, async (app) =>
      receiptOf(
        await Promise.all(tokens.map((token) => sendToDevice(app, content, token, context, secrets))),
      ),
    );
  } catch (error) {
    if (error instanceof ChannelError && error.reason === 'auth_error')
      apps.forget(context.tenantId, credentials);
    throw error;
  }
}

async function sendToDevice(
  app: FcmApp,
  content: BaseMessage,
  token: string,
  context: SendContext,
  secrets: readonly string[],
): Promise<DeviceResult> {
  const failure = await trySending(app, { ...content, token }, context, secrets);
  if (typeof failure === 'string') return { status: 'sent', token, messageId: failure };
  if (failure instanceof ChannelError) return { status: 'failed', token, error: failure };
  return { status: 'gone', token, response: failure.gone };
}

async function verify(apps: FcmApps, credentials: FcmCredentials, context: CallContext): Promise<void> {
  const message = { topic: VERIFY_TOPIC, notification: { title: 'Carillon', body: 'verify' } };
  // A new one: an access token that is kept would prove nothing.
  apps.forget(context.tenantId, credentials);
  const failure = await apps.use(context.tenantId, credentials, (app) =>
    trySending(app, message, context, [credentials.client_email], true),
  );
  if (typeof failure === 'string') return;
  if (failure instanceof ChannelError) throw failure;
  // A topic is always there; what FCM does not find is the project.
  throw new ChannelError('auth_error', { providerResponse: failure.gone });
}

/** The message's ID when FCM took it, else why it did not. */
async function trySending(
  app: FcmApp,
  message: Message,
  context: CallContext,
  secrets: readonly string[],
  dryRun = false,
): Promise<string | ChannelError | { gone: string }> {
  const done = await app.agent.during(context.signal, () => app.messaging.send(message, dryRun));
  if ('result' in done) return done.result;
  return fcmFailure({ error: done.error, answer: done.answer, tokenError: app.tokenError }, context, secrets);
}
