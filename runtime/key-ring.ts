import { createCipheriv, createDecipheriv, randomBytes, type DecipherGCM } from 'node:crypto';

/** What was sealed cannot be opened. The message names the key or what is wrong, and repeats nothing of it. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
}

/**
 * Master keys by ID, the first one current: new things are sealed with it, old ones opened with whichever key they
 * name. AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce.
 */
export class KeyRing {
  readonly currentKeyId: string;

  constructor(private readonly keys: ReadonlyMap<string, Buffer>) {
    const [first] = keys.keys();
    if (first === undefined) throw new Error('a key ring needs at least one key');
    this.currentKeyId = first;
  }

  /** All of them, the current one first. */
  get keyIds(): string[] {
    return [...this.keys.keys()];
  }

  /** Seals bytes: 12 bytes nonce, ciphertext, 16 bytes tag. `context` is authenticated, not stored. */
  seal(plain: Uint8Array, context: string): { keyId: string; sealed: Buffer } {
    return { keyId: this.currentKeyId, sealed: sealWith(this.key(this.currentKeyId), plain, context) };
  }

  /** @throws {UnsealError} when the key ID is unknown, or the bytes or the context were tampered with. */
  open(keyId: string, sealed: Uint8Array, context: string): Buffer {
    return openWith(this.key(keyId), sealed, context);
  }

  private key(keyId: string): Buffer {
    const key = this.keys.get(keyId);
    if (!key) {
      throw new UnsealError(
        `no key "${keyId}" in the key ring: was it removed from CARILLON_KEYS too early?`,
      );
    }
    return key;
  }
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under one 32-byte key. */
export function sealWith(key: Buffer, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws {UnsealError} when key, context or bytes do not belong together. */
export function openWith(key: Buffer, sealed: Uint8Array, context: string): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new UnsealError('sealed bytes are too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const opened = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
  return Buffer.concat([opened, authenticated(decipher)]);
}

function authenticated(decipher: DecipherGCM): Buffer {
  try {
    return decipher.final();
  } catch (error) {
    throw new UnsealError('sealed bytes were tampered with, or sealed for another place', { cause: error });
  }
}

/**
 * Parses `CARILLON_KEYS`: `id:base64[,id:base64…]`, 32 bytes each, the current one first.
 * @throws with advice to stand behind the variable's name, never with the value.
 */
export function parseKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>();
  for (const entry of text.split(',')) {
    const [, id, encoded] = /^\s*([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/=_-]+)\s*$/.exec(entry) ?? [];
    const key = encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
    if (id === undefined || key?.length !== 32) {
      throw new Error('must be id:base64 of 32 bytes, several separated by commas, the current one first');
    }
    if (keys.has(id)) throw new Error(`names the key "${id}" twice`);
    keys.set(id, key);
  }
  return new KeyRing(keys);
}
