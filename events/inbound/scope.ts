import type { InboundEvent } from '../../contracts/inbound-events.js';

/** What rules see of an event: its body's fields, the body as `event`, and `meta`. */
export type EventScope = Readonly<Record<string, unknown>>;

export function scopeOf(event: InboundEvent): EventScope {
  const { id, source, via, key, headers, at, receivedAt, body } = event;
  return {
    ...body,
    event: body,
    meta: {
      id,
      source,
      via,
      key,
      headers,
      at: at.toISOString(),
      receivedAt: receivedAt.toISOString(),
    },
  };
}

/** The value at a dotted path, own properties only; undefined where there is none. */
export function valueAt(scope: unknown, path: string): unknown {
  let value = scope;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
