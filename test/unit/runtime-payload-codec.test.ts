import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyRing } from '../../runtime/key-ring.js';
import { EncryptionCodec } from '../../runtime/payload-codec.js';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [k1, k2] = [key('k1'), key('k2')];
const codec = new EncryptionCodec(parseKeyRing(k1));

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload | undefined): unknown =>
  payload && defaultPayloadConverter.fromPayload<unknown>(payload);
const textOf = (payload: Payload | undefined) =>
  [payload?.data, ...Object.values(payload?.metadata ?? {})]
    .map((part) => Buffer.from(part ?? []).toString('latin1'))
    .join('\n');

async function sealed(value: unknown): Promise<Payload> {
  const [payload] = await codec.encode([payloadOf(value)]);
  if (!payload) throw new Error('no payload');
  return payload;
}

describe('the payload codec', () => {
  it('gives back every JSON value as it was', async () => {
    // Temporal's own JSON, which knows no -0.
    const values = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    await fc.assert(
      fc.asyncProperty(fc.array(values, { maxLength: 4 }), async (many) => {
        const encoded = await codec.encode(many.map(payloadOf));
        expect((await codec.decode(encoded)).map(valueOf)).toEqual(many);
      }),
    );
  });

  it('hides what an object holds, and names the key', async () => {
    const payload = await sealed({ email: 'ann@example.com', data: { title: 'Secret plan' } });
    expect(textOf(payload)).not.toMatch(/ann@|Secret/);
    expect(textOf(payload)).toContain('binary/encrypted');
    expect(Buffer.from(payload.metadata?.['encryption-key-id'] ?? []).toString()).toBe('k1');
  });

  it('hides lists, numbers, booleans, null and bytes as well', async () => {
    for (const value of [['Secret'], 42, true, null, Buffer.from('Secret')]) {
      const payload = await sealed(value);
      expect(textOf(payload)).toContain('binary/encrypted');
      expect(textOf(payload)).not.toContain('Secret');
    }
  });

  it('leaves a bare string readable: a label for operators', async () => {
    const payload = await sealed('approval_request → u-42');
    expect(valueOf(payload)).toBe('approval_request → u-42');
    expect((await codec.decode([payload])).map(valueOf)).toEqual(['approval_request → u-42']);
  });

  it('takes what was typed by hand, unsealed', async () => {
    const typed = payloadOf({ reason: 'by hand' });
    expect((await codec.decode([typed])).map(valueOf)).toEqual([{ reason: 'by hand' }]);
  });

  it('refuses what was tampered with', async () => {
    const payload = await sealed({ amount: 1 });
    const data = Buffer.from(payload.data ?? []);
    data[20] = (data[20] ?? 0) ^ 1;
    const opening = async () => codec.decode([{ ...payload, data }]);
    await expect(opening()).rejects.toThrow();
    const cut = async () => codec.decode([{ ...payload, data: data.subarray(0, 10) }]);
    await expect(cut()).rejects.toThrow('too short');
  });

  it('refuses a key that is not in the ring, and opens with an older one that is', async () => {
    const payload = await sealed({ x: 1 });
    const stranger = new EncryptionCodec(parseKeyRing(k2));
    await expect((async () => stranger.decode([payload]))()).rejects.toThrow('no key "k1"');
    const rotated = new EncryptionCodec(parseKeyRing(`${k2},${k1}`));
    expect((await rotated.decode([payload])).map(valueOf)).toEqual([{ x: 1 }]);
  });

  it('refuses a sealed payload that names no key', async () => {
    const { metadata, data } = await sealed({ x: 1 });
    const nameless = { metadata: { encoding: metadata?.encoding ?? new Uint8Array() }, data };
    await expect((async () => codec.decode([nameless]))()).rejects.toThrow('no key ""');
  });
});
