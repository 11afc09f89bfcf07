import { createHash } from 'node:crypto';

/** SHA-256 of what is asked, whatever the order of its fields; the idempotency key itself does not count. */
export function requestHash(request: object): string {
  const { idempotencyKey: _key, ...asked } = request as { idempotencyKey?: string };
  return createHash('sha256')
    .update(JSON.stringify(ordered(asked)))
    .digest('base64url');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, ordered(inner)]),
  );
}
