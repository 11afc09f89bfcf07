import { createHash } from 'node:crypto';
import type { BaseMessage } from 'firebase-admin/messaging';
import type { PushMessage } from '../../contracts/messages.js';
import { ChannelError } from '../channel.js';
import { timeToLiveSeconds } from './time-to-live.js';

/** Notification and data together, in bytes ("About FCM messages"; Apple's limit for a payload is the same). */
export const FCM_PAYLOAD_BYTES = 4096;
/** Apple's limit for `apns-collapse-id`, in bytes. */
const COLLAPSE_ID_BYTES = 64;

/**
 * The message as FCM takes it, but for the device. A repeated send replaces on the device what came before: tag and
 * collapse ID are the notification's. No Android collapse key: FCM keeps four of them for a device that is away, and
 * would drop the other notifications.
 */
export function fcmMessage(message: PushMessage): BaseMessage {
  const { title, body, imageUrl, link, actions, threadKey } = message;
  const image = imageUrl === undefined ? {} : { imageUrl };
  return {
    notification: { title, body, ...image },
    data: {
      ...message.data,
      ...(link === undefined ? {} : { link }),
      ...(threadKey === undefined ? {} : { threadKey }),
      ...(actions.length > 0 ? { actions: JSON.stringify(actions) } : {}),
    },
    android: androidOptions(message),
    apns: apnsOptions(message),
    webpush: webOptions(message),
  };
}

/** @throws {ChannelError} `content_error` for what FCM would refuse for every device. */
export function checkFcm(message: PushMessage): void {
  if (message.title.trim() === '' && message.body.trim() === '') refuse('there is neither title nor body');
  const { notification, data } = fcmMessage(message);
  if (Buffer.byteLength(JSON.stringify({ notification, data })) > FCM_PAYLOAD_BYTES)
    refuse(`it is larger than ${FCM_PAYLOAD_BYTES} bytes`);
}

function refuse(why: string): never {
  throw new ChannelError('content_error', { providerResponse: `not sent: ${why}` });
}

function androidOptions({ id, priority, expiresAt, imageUrl }: PushMessage): BaseMessage['android'] {
  return {
    priority: priority === 'critical' || priority === 'high' ? 'high' : 'normal',
    ttl: timeToLiveSeconds(expiresAt) * 1000,
    notification: { tag: id, ...(imageUrl === undefined ? {} : { imageUrl }) },
  };
}

function apnsOptions({ id, priority, expiresAt, imageUrl, threadKey }: PushMessage): BaseMessage['apns'] {
  return {
    headers: {
      'apns-collapse-id': Buffer.byteLength(id) <= COLLAPSE_ID_BYTES ? id : topicOf(id),
      'apns-expiration': `${Math.floor(Date.now() / 1000) + timeToLiveSeconds(expiresAt)}`,
      // 5 lets the device choose its moment.
      'apns-priority': priority === 'low' ? '5' : '10',
    },
    payload: {
      aps: {
        ...(threadKey === undefined ? {} : { threadId: threadKey }),
        // For the extension of the application that fetches the image.
        ...(imageUrl === undefined ? {} : { mutableContent: true }),
      },
    },
    ...(imageUrl === undefined ? {} : { fcmOptions: { imageUrl } }),
  };
}

function webOptions({
  id,
  priority,
  expiresAt,
  imageUrl,
  link,
  actions,
}: PushMessage): BaseMessage['webpush'] {
  return {
    headers: {
      TTL: `${timeToLiveSeconds(expiresAt)}`,
      Urgency: urgencyOf(priority),
      Topic: topicOf(id),
    },
    notification: {
      tag: id,
      ...(imageUrl === undefined ? {} : { image: imageUrl }),
      ...(actions.length > 0
        ? { actions: actions.map(({ label }, index) => ({ action: `${index}`, title: label })) }
        : {}),
    },
    // FCM refuses any other scheme.
    ...(link?.startsWith('https://') ? { fcmOptions: { link } } : {}),
  };
}

/** RFC 8030 section 5.3. */
export function urgencyOf(priority: PushMessage['priority']): 'high' | 'normal' | 'low' {
  return priority === 'critical' ? 'high' : priority;
}

/** RFC 8030 section 5.4: at most 32 characters of base64url; of two messages that wait, the newer replaces the other. */
export function topicOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 32);
}
