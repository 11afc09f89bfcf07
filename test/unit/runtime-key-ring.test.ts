import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyRing } from '../../runtime/key-ring.js';

const old = `k1:${randomBytes(32).toString('base64')}`;
const current = `k2:${randomBytes(32).toString('base64url')}`;
const bytes = fc.uint8Array({ maxLength: 300 });

describe('the key ring', () => {
  it('opens what it sealed, whatever the bytes', () => {
    const ring = parseKeyRing(old);
    fc.assert(
      fc.property(bytes, fc.string(), (plain, context) => {
        const { keyId, sealed } = ring.seal(plain, context);
        expect(keyId).toBe('k1');
        expect(new Uint8Array(ring.open(keyId, sealed, context))).toEqual(plain);
      }),
    );
  });

  it('seals the same differently each time, 28 bytes longer', () => {
    const ring = parseKeyRing(old);
    const [one, other] = [ring.seal(Buffer.from('hello'), 'c'), ring.seal(Buffer.from('hello'), 'c')];
    expect(one.sealed.length).toBe(5 + 28);
    expect(one.sealed.equals(other.sealed)).toBe(false);
  });

  it('refuses any byte that was changed', () => {
    const ring = parseKeyRing(old);
    const { sealed } = ring.seal(Buffer.from('hello'), 'c');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => ring.open('k1', changed, 'c'), `byte ${index}`).toThrow();
    }
  });

  it('refuses another context, and what is too short to be sealed', () => {
    const ring = parseKeyRing(old);
    const { sealed } = ring.seal(Buffer.from('hello'), 'tenant/a');
    expect(() => ring.open('k1', sealed, 'tenant/b')).toThrow();
    for (const length of [0, 12, 27])
      expect(() => ring.open('k1', sealed.subarray(0, length), 'tenant/a')).toThrow();
  });

  it('seals with the first key and opens with any that it has', () => {
    const before = parseKeyRing(old);
    const rotated = parseKeyRing(`${current},${old}`);
    const { keyId, sealed } = before.seal(Buffer.from('hello'), 'c');
    expect(rotated.open(keyId, sealed, 'c').toString()).toBe('hello');
    expect(rotated.seal(Buffer.from('x'), 'c').keyId).toBe('k2');
  });

  it('says which key is missing when one was removed too early', () => {
    const { keyId, sealed } = parseKeyRing(old).seal(Buffer.from('hello'), 'c');
    expect(() => parseKeyRing(current).open(keyId, sealed, 'c')).toThrow(/"k1".*CARILLON_KEYS/);
  });

  it('opens nothing with a key of the same name and other bytes', () => {
    const { sealed } = parseKeyRing(old).seal(Buffer.from('hello'), 'c');
    const other = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
    expect(() => other.open('k1', sealed, 'c')).toThrow();
  });

  it('is not made of anything else, and does not repeat it', () => {
    const wrong = ['', 'secret', 'k1:c2VjcmV0', 'k1:', `${old};${current}`, `k1:${'!'.repeat(44)}`];
    for (const text of wrong) {
      expect(() => parseKeyRing(text), text).toThrow(/32 bytes/);
      expect(() => parseKeyRing(text)).not.toThrow(/secret|c2Vj/);
    }
  });
});
