import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WebhookMessage } from '../../contracts/messages.js';
import type { SendContext } from '../channel.js';

/** What a receiver reads: the shape that Standard Webhooks recommends. */
export interface WebhookPayload {
  /** The notification's type, e.g. `approval_request`. */
  type: string;
  /** When the notification was accepted, ISO 8601. */
  timestamp: string;
  data: { id: string; recipient: string; body: Readonly<Record<string, unknown>> };
}

export function payloadOf({ type, createdAt, id, recipient, body }: WebhookMessage): string {
  const payload: WebhookPayload = { type, timestamp: createdAt, data: { id, recipient, body } };
  return JSON.stringify(payload);
}

/**
 * The headers of Standard Webhooks 1.0. The ID is the same for every attempt of a delivery, so that a receiver can tell
 * a repetition; it is hashed, because the key names things that a receiver has no business to know. The timestamp is
 * the attempt's: receivers refuse what is older than some minutes.
 */
export function signedHeaders(
  payload: string,
  secrets: readonly string[],
  { tenantId, idempotencyKey }: Pick<SendContext, 'tenantId' | 'idempotencyKey'>,
  now = new Date(),
): Record<string, string> {
  const key = createHash('sha256').update(JSON.stringify([tenantId, idempotencyKey]));
  const id = `msg_${key.digest('base64url').slice(0, 32)}`;
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, now, payload));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
