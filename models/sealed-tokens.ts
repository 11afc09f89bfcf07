import { createHmac } from 'node:crypto';
import { openWith, sealWith } from '../runtime/key-ring.js';
import type { DataKeys } from './data-keys.js';

/**
 * Tokens in links that anybody may open: `{tenant}.{sealed}`. What they carry is sealed, so that neither a proxy's log nor
 * a browser's history shows it, and nobody can make one. Sealed for a purpose: a token of one is none of another.
 */
export class SealedTokens {
  constructor(
    private readonly keys: Pick<DataKeys, 'purposeKey'>,
    private readonly purpose: string,
    /** Longest token that is looked at, in characters. */
    private readonly maxLength: number,
  ) {}

  /** Writes a tenant's tokens of these texts, without waiting for each. */
  async writer(tenantId: string): Promise<(text: string) => string> {
    const key = await this.key(tenantId);
    return (text) => `${tenantId}.${sealWith(key, Buffer.from(text), this.purpose).toString('base64url')}`;
  }

  /** Undefined for everything that a writer did not make. */
  async read(token: string): Promise<{ tenantId: string; text: string } | undefined> {
    const end = token.lastIndexOf('.');
    if (end < 1 || token.length > this.maxLength) return undefined;
    const tenantId = token.slice(0, end);
    const text = opened(await this.key(tenantId), token.slice(end + 1), this.purpose);
    return text === undefined ? undefined : { tenantId, text };
  }

  /** One for each tenant: a key may seal only so many texts (2³², NIST SP 800-38D section 8.3). */
  private async key(tenantId: string): Promise<Buffer> {
    return createHmac('sha256', await this.keys.purposeKey(this.purpose))
      .update(tenantId)
      .digest();
  }
}

/** Undefined where the text was not sealed under this key. */
function opened(key: Buffer, sealed: string, purpose: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  // Else several spellings would be the same token.
  if (bytes.toString('base64url') !== sealed) return undefined;
  try {
    return openWith(key, bytes, purpose).toString();
  } catch {
    // It says only that the bytes do not belong to the key: somebody's guess, or a link that was cut off.
    return undefined;
  }
}
