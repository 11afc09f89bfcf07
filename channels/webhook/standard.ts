import type { WebhookMessage } from '../../contracts/messages.js';
import {
  ChannelError,
  type CallContext,
  type Receipt,
  type SendContext,
  type SendingChannel,
} from '../channel.js';
import { echoedWords } from '../echoed.js';
import { call, httpFailure, type HttpAnswer } from '../http-failure.js';
import { payloadOf, signedHeaders } from './payload.js';
import { webhookCredentials, type WebhookCredentials } from './webhook-credentials.js';

/** What many receivers and the gateways before them take at most. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

/**
 * A signed POST to the recipient's own URL, or to the tenant's. At least once: a receiver tells a repetition by its
 * `webhook-id`. Standard Webhooks 1.0, https://www.standardwebhooks.com.
 */
export function standardWebhookChannel(): SendingChannel<WebhookMessage, WebhookCredentials> {
  return {
    channel: 'webhook',
    provider: 'standard',
    delivery: 'sent',
    credentials: webhookCredentials,
    shown: [],
    targetOf: (contact, { url }) => contact.webhookUrl ?? url,
    check: (message) => void checkedPayload(message),
    verify,
    send,
    close: () => Promise.resolve(),
  };
}

function checkedPayload(message: WebhookMessage): string {
  const payload = payloadOf(message);
  const bytes = Buffer.byteLength(payload);
  if (bytes > MAX_PAYLOAD_BYTES) {
    const providerResponse = `not sent: it is ${bytes} bytes, more than ${MAX_PAYLOAD_BYTES}`;
    throw new ChannelError('content_error', { providerResponse });
  }
  return payload;
}

async function send(
  message: WebhookMessage,
  { url, secrets }: WebhookCredentials,
  context: SendContext,
): Promise<Receipt> {
  const payload = checkedPayload(message);
  const headers = signedHeaders(payload, secrets, context);
  const own = message.to !== url;
  try {
    const answer = await post(message.to, payload, headers, context, own);
    if (answer.status >= 200 && answer.status < 300) {
      // What a receiver says to a success is its own business, and might be all of the message.
      return { providerMessageId: headers['webhook-id'], providerResponse: String(answer.status) };
    }
    const words = echoedWords(message.body, [message.to]);
    throw httpFailure(answer, [...words, message.recipient, ...secrets]);
  } catch (error) {
    throw own ? oneReceivers(error) : error;
  }
}

/** @param own the URL is the recipient's own, so that it is the recipient's address that is wrong where it is forbidden. */
function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  context: CallContext,
  own: boolean,
): Promise<HttpAnswer> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Carillon', ...headers },
    body,
  };
  return call(context.network, url, init, context, own ? 'invalid_recipient' : undefined);
}

/** A failure at one person's own URL says nothing of the others: no provider is down. */
function oneReceivers(error: unknown): unknown {
  if (!(error instanceof ChannelError)) return error;
  const { reason, retryAfterMs, providerResponse, cause } = error;
  return new ChannelError(reason, { retryAfterMs, providerResponse, cause, providerDown: false });
}

/**
 * Asks for the headers of the tenant's URL only (HEAD, unsigned), since a POST would be a message. So what is checked is
 * that the URL may be called and that a server answers there: receivers that know nothing but POST say 404, 405 or 501,
 * and those that want a signature 400, 401 or 403. A redirect, 410 and a server's own failure are refused.
 */
async function verify({ url }: WebhookCredentials, context: CallContext): Promise<void> {
  if (url === undefined) return;
  const init = { method: 'HEAD', headers: { 'user-agent': 'Carillon' } };
  const answer = await call(context.network, url, init, context);
  if (!answersAtAll(answer.status)) throw httpFailure(answer, echoedWords(undefined, [url]));
}

function answersAtAll(status: number): boolean {
  if (status >= 400 && status < 500) return status !== 410 && status !== 429;
  return status < 300 || status === 501;
}
