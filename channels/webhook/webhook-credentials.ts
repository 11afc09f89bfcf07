import { z } from 'zod';
import { lineOfText } from '../../contracts/primitives.js';
import { webhookUrl } from '../../contracts/webhook-url.js';

/** The key of a Standard Webhooks secret is between these many bytes, says its specification. */
const SECRET_BYTES = { min: 24, max: 64 } as const;
/** Both ends of a rotation, and one that somebody forgot. */
const MAX_SECRETS = 3;

export interface WebhookCredentials {
  /** Where messages for people without a URL of their own go. */
  url?: string;
  /** `whsec_…`; every message is signed with each, so that a receiver may know the old one or the new one. */
  secrets: string[];
}

const secret = lineOfText(200).refine(isSecret, 'must be whsec_ followed by 24 to 64 bytes in base64');

const fields = z
  .strictObject({
    url: webhookUrl.optional(),
    secret: secret.optional(),
    secrets: z.array(secret).min(1).max(MAX_SECRETS).optional(),
  })
  .refine((given) => (given.secret === undefined) !== (given.secrets === undefined), {
    path: ['secret'],
    message: 'either secret or secrets, a list during a rotation, is needed',
  });

/** `{ url?, secret }`, or `{ url?, secrets: [new, old] }` during a rotation. */
export const webhookCredentials: z.ZodType<WebhookCredentials> = fields.transform(
  ({ url, secret, secrets }): WebhookCredentials => ({
    ...(url === undefined ? {} : { url }),
    secrets: secrets ?? (secret === undefined ? [] : [secret]),
  }),
);

function isSecret(text: string): boolean {
  const [, key] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (key === undefined || key.length % 4 !== 0) return false;
  const bytes = Buffer.from(key, 'base64').length;
  return bytes >= SECRET_BYTES.min && bytes <= SECRET_BYTES.max;
}
