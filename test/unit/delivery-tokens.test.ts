import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { DeliveryTokens, tokensIn } from '../../models/delivery-tokens.js';

const tokens = new DeliveryTokens({ purposeKey: () => Promise.resolve(Buffer.alloc(32, 7)) });
const notificationIds = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 48 - 1 }).map((ms) => `ntf_${ulid(ms)}`),
  fc
    .tuple(fc.constantFrom('k', 'd', 'b', 'r', 's', 'a'), fc.uint8Array({ minLength: 16, maxLength: 16 }))
    .map(([letter, bytes]) => `ntf_${letter}${Buffer.from(bytes).toString('hex')}`),
);

describe('a delivery’s name in a mail', () => {
  it('leads back to the delivery, in whatever case it comes, and fits into an address', async () => {
    await fc.assert(
      fc.asyncProperty(notificationIds, async (id) => {
        const token = (await tokens.write('acme', id, 'email')) ?? '';
        expect(token).toMatch(/^[a-z0-9-]{1,50}$/);
        const read = await tokens.reader('acme');
        expect(read('email', token)).toBe(`${id}-email`);
        expect(read('email', token.toUpperCase())).toBe(`${id}-email`);
        expect(tokensIn(`bounces+${token}@a.example, <${token.toUpperCase()}@b.example>`)).toHaveLength(2);
      }),
      { numRuns: 50 },
    );
  });

  it('is of no use to another tenant or channel, nor changed in any character', async () => {
    const token = (await tokens.write('acme', `ntf_${ulid()}`, 'email')) ?? '';
    const read = await tokens.reader('acme');
    expect((await tokens.reader('other'))('email', token)).toBeUndefined();
    expect(read('sms', token)).toBeUndefined();
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === '0' ? '1' : '0';
      expect(read('email', token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
    }
    for (const rubbish of ['', '-', token.slice(1), `${token}0`, `x${token}`])
      expect(read('email', rubbish)).toBeUndefined();
  });

  it('is none for an ID that is not made like ours', async () => {
    expect(await tokens.write('acme', 'imported/1', 'email')).toBeUndefined();
  });
});
