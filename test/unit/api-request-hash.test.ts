import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notificationId } from '../../commands/trigger/notification-id.js';
import { requestHash } from '../../commands/trigger/request-hash.js';
import { trigger, type Trigger } from '../../contracts/trigger.js';

const parse = (more: object = {}): Trigger =>
  trigger.parse({ type: 'mention', to: { recipient: 'u-1' }, ...more });

/** The same value with the fields of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
}

describe('the hash of a request', () => {
  it('does not depend on the order of fields, at any depth', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (data) => {
        expect(requestHash(parse({ data: reversed(data) }))).toBe(requestHash(parse({ data })));
      }),
    );
  });

  it('depends on every value, and on the order of lists', () => {
    const hashes = [
      {},
      { data: { a: 1 } },
      { data: { a: '1' } },
      { data: { a: [1, 2] } },
      { data: { a: [2, 1] } },
      { data: { a: { b: null } } },
      { to: { recipient: 'u-2' } },
      { to: { recipient: { id: 'u-1' } } },
      { channels: ['email'] },
      { priority: 'high' },
      { sendAt: '2027-01-01T00:00:00Z' },
    ].map((more) => requestHash(parse(more)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not count the idempotency key, nor a default that is spelt out', () => {
    const plain = requestHash(parse());
    expect(requestHash(parse({ idempotencyKey: 'k' }))).toBe(plain);
    expect(requestHash(parse({ priority: 'normal', data: {}, actions: [] }))).toBe(plain);
  });
});

describe('the ID of a notification', () => {
  it('follows from tenant and idempotency key, and from nothing else', () => {
    expect(notificationId('acme', 'k')).toBe(notificationId('acme', 'k'));
    expect(notificationId('acme', 'k')).toMatch(/^ntf_k[0-9a-f]{32}$/);
    expect(notificationId('acme', 'k')).not.toBe(notificationId('other', 'k'));
    expect(notificationId('acme', 'k')).not.toBe(notificationId('acme', 'k2'));
  });

  it('is new each time without a key', () => {
    expect(notificationId('acme', undefined)).not.toBe(notificationId('acme', undefined));
  });
});
