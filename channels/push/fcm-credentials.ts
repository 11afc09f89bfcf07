import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { emailAddress, lineOfText } from '../../contracts/primitives.js';

/** Whose messages go out: the part of a service account's key that sending takes. */
export interface FcmCredentials {
  project_id: string;
  client_email: string;
  /** PEM. */
  private_key: string;
  private_key_id?: string;
}

/** Where Google's key files have said over the years that tokens are asked for. Carillon asks at Google's whatever stands there. */
const TOKEN_URIS: readonly string[] = [
  'https://oauth2.googleapis.com/token',
  'https://www.googleapis.com/oauth2/v4/token',
  'https://accounts.google.com/o/oauth2/token',
];

// Not strict: the file is Google's, which may add to it.
const keyFile = z.object({
  type: z
    .literal('service_account', { error: 'must be service_account: this is another kind of file' })
    .optional(),
  // It stands in a URL's path.
  project_id: lineOfText(100).regex(/^[a-z0-9][a-z0-9.:-]*$/, 'is not a Google Cloud project ID'),
  client_email: emailAddress,
  private_key: z
    .string()
    .max(10_000)
    // As it looks once it has gone through an environment variable.
    .overwrite((pem) => pem.replaceAll('\\n', '\n'))
    .refine(isRsaKey, 'is not an RSA private key in PEM'),
  private_key_id: lineOfText(200).optional(),
  token_uri: z
    .string()
    .refine((uri) => TOKEN_URIS.includes(uri), 'must be Google’s, https://oauth2.googleapis.com/token')
    .optional(),
  universe_domain: z.literal('googleapis.com', { error: 'must be googleapis.com' }).optional(),
});

/**
 * The service account's key file as Google's console gives it, as an object or as its text. Only what sending takes is
 * kept.
 */
export const fcmCredentials: z.ZodType<FcmCredentials> = z.preprocess(
  (value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // The input holds a key, so the issue goes without it.
      const message = 'must be the JSON of a service account’s key';
      context.issues.push({ code: 'custom', message, input: undefined, path: [] });
      return z.NEVER;
    }
  },
  keyFile.transform(({ project_id, client_email, private_key, private_key_id }): FcmCredentials => ({
    project_id,
    client_email,
    private_key,
    ...(private_key_id === undefined ? {} : { private_key_id }),
  })),
);

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    // Whatever OpenSSL has against it, and it has many words for it.
    return false;
  }
}
