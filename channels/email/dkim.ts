import { createPrivateKey } from 'node:crypto';
import type { Readable } from 'node:stream';
import DKIM from 'nodemailer/lib/dkim';
import { z } from 'zod';

/** One key that mails are signed with. The public half stands in DNS at `<keySelector>._domainkey.<domainName>`. */
export interface DkimKey {
  domainName: string;
  keySelector: string;
  /** PEM. */
  privateKey: string;
}

/** One for each domain that vouches for the mails, and two of one domain while its key is rotated. */
const MAX_KEYS = 5;
/** RFC 8301 section 3.2: what every verifier takes. */
const BITS = { min: 1024, max: 4096 } as const;

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?';
const labels = (least: number) => new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL}){${least - 1},}$`);

const dkimKey = z.strictObject({
  domainName: z.string().regex(labels(2), 'must be a domain such as example.com, in its ASCII form'),
  keySelector: z.string().regex(labels(1), 'must be a selector such as mail2026'),
  privateKey: z
    .string()
    .max(10_000)
    .refine(
      isRsaKey,
      `must be an RSA private key in PEM form, of ${BITS.min} to ${BITS.max} bits and without a passphrase`,
    ),
});

/** One key, or a list of them. */
export const dkimKeys = z.unknown().transform((value, context): DkimKey[] => {
  const isList = Array.isArray(value);
  const parsed = isList
    ? z.array(dkimKey).min(1).max(MAX_KEYS).safeParse(value)
    : dkimKey.transform((key) => [key]).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: undefined });
  return z.NEVER;
});

/** nodemailer signs with RSA only, and leaves a mail unsigned without a word where the key is of no use. */
function isRsaKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    return asymmetricKeyType === 'rsa' && bits >= BITS.min && bits <= BITS.max;
  } catch {
    return false;
  }
}

/**
 * The header fields that are signed. RFC 8058 section 4 wants both fields of one-click unsubscribe among them, and
 * nodemailer's own list lacks the second.
 */
const SIGNED_FIELDS = [
  ...['From', 'Reply-To', 'To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted'],
  ...['MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'],
  ...['List-Unsubscribe', 'List-Unsubscribe-Post'],
].join(':');

/** Signs a message on its way out (RFC 6376, rsa-sha256, relaxed/relaxed), once with each key. */
export function dkimSigner(keys: readonly DkimKey[]): (message: Readable) => Readable {
  const dkim = new DKIM({ keys: [...keys], headerFieldNames: SIGNED_FIELDS });
  return (message) => dkim.sign(message);
}
