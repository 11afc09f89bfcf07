import { createECDH } from 'node:crypto';
import { z } from 'zod';
import { lineOfText } from '../../contracts/primitives.js';

/** With what a tenant signs for itself at push services (RFC 8292), and by what its browsers' subscriptions are bound to it. */
export interface WebPushCredentials {
  /** Whom a push service writes to about trouble: `mailto:` or `https:`. */
  subject: string;
  /** The uncompressed point of P-256, 65 bytes in base64url. Browsers subscribe with it. */
  publicKey: string;
  /** 32 bytes in base64url. */
  privateKey: string;
}

export const webPushCredentials: z.ZodType<WebPushCredentials> = z
  .strictObject({
    subject: lineOfText(500).refine(
      isContact,
      'must be a mailto: address or an https: URL that Apple can reach',
    ),
    publicKey: z
      .string()
      .regex(/^B[A-Za-z0-9_-]{86}$/, 'must be 65 bytes in base64url, an uncompressed point'),
    privateKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url'),
  })
  .refine(({ publicKey, privateKey }) => publicKeyOf(privateKey) === publicKey, {
    path: ['privateKey'],
    message: 'is not the key of this publicKey',
    // Not where one of them is no key at all.
    when: ({ issues }) => issues.length === 0,
  });

/** Undefined where it is no private key of the curve. */
function publicKeyOf(privateKey: string): string | undefined {
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  } catch {
    // Zero, or past the curve's order: OpenSSL has several words for it.
    return undefined;
  }
  return curve.getPublicKey().toString('base64url');
}

/** Apple's push service refuses a subject on localhost. */
function isContact(subject: string): boolean {
  if (!URL.canParse(subject)) return false;
  const { protocol, hostname, pathname } = new URL(subject);
  if (protocol === 'mailto:') return /^[^@\s]+@[^@\s]+$/.test(pathname);
  return protocol === 'https:' && hostname !== 'localhost';
}
