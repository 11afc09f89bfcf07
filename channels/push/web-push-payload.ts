import type { PushMessage } from '../../contracts/messages.js';
import { ChannelError } from '../channel.js';

/** Of the 4096 bytes that every push service takes (RFC 8030 section 7.2), the encryption uses 103 (RFC 8291 section 4). */
export const WEB_PUSH_PAYLOAD_BYTES = 3993;

/** What the service worker is given, as `event.data.json()`. */
export interface WebPushPayload {
  /** The notification's: one tag, so that a repeated send replaces the one before it. */
  id: string;
  title: string;
  body: string;
  link?: string;
  image?: string;
  thread?: string;
  actions: readonly { label: string; url: string }[];
  data: Readonly<Record<string, string>>;
}

export function webPushPayload(message: PushMessage): string {
  const { id, title, body, link, imageUrl, threadKey, actions, data } = message;
  const payload: WebPushPayload = {
    id,
    title,
    body,
    ...(link === undefined ? {} : { link }),
    ...(imageUrl === undefined ? {} : { image: imageUrl }),
    ...(threadKey === undefined ? {} : { thread: threadKey }),
    actions,
    data,
  };
  return JSON.stringify(payload);
}

/** @throws {ChannelError} `content_error` for what a push service may refuse, or a browser cannot show. */
export function checkWebPush(message: PushMessage): void {
  if (message.title.trim() === '' && message.body.trim() === '') refuse('there is neither title nor body');
  if (Buffer.byteLength(webPushPayload(message)) > WEB_PUSH_PAYLOAD_BYTES)
    refuse(`it is larger than ${WEB_PUSH_PAYLOAD_BYTES} bytes`);
}

function refuse(why: string): never {
  throw new ChannelError('content_error', { providerResponse: `not sent: ${why}` });
}
