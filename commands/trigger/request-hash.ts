import { createHash } from 'node:crypto';
import { orderedJson } from '../../contracts/ordered-json.js';

/** SHA-256 of what is asked, whatever the order of its fields; the idempotency key itself does not count. */
export function requestHash(request: object): string {
  const { idempotencyKey: _key, ...asked } = request as { idempotencyKey?: string };
  return createHash('sha256').update(orderedJson(asked)).digest('base64url');
}
