import { invalid } from '../../contracts/errors.js';

/** The request with the header's idempotency key, which counts as the body's. @throws CarillonError `validation_failed` where they differ. */
export function withKey<Body extends { idempotencyKey?: string }>(
  body: Body,
  header: string | undefined,
): Body {
  if (header === undefined) return body;
  if (body.idempotencyKey !== undefined && body.idempotencyKey !== header) {
    throw invalid('idempotencyKey', 'is not the same as the header Idempotency-Key');
  }
  return { ...body, idempotencyKey: header };
}
