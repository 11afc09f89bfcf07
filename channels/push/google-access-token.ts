import { sign } from 'node:crypto';
import { z } from 'zod';
import { jsonIn } from '../../contracts/json.js';
import { ChannelError } from '../channel.js';
import { callFailure, httpFailure, readAnswer, type HttpAnswer } from '../http-failure.js';
import { redactResponse } from '../redaction.js';
import type { FcmCredentials } from './fcm-credentials.js';

/** The one place where tokens are asked for, and whom the assertion is for. */
export const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';
/** All that sending takes. */
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const ASSERTION_SECONDS = 3600;
const TIMEOUT_MS = 15_000;

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const refused = z.object({ error: z.string(), error_description: z.string().optional() });

export type AccessToken = z.infer<typeof granted>;

/**
 * An access token for a service account (RFC 7523, as Google's "OAuth 2.0 for service accounts" describes it). Not the
 * SDK's `cert()`: that one keeps every private key it has seen for the life of the process, and hides in one error
 * whether Google refused or could not be reached.
 * @param url where it is asked for instead of Google's.
 * @throws {ChannelError} classified.
 */
export async function googleAccessToken(
  credentials: FcmCredentials,
  url: string = GOOGLE_TOKEN_URL,
): Promise<AccessToken> {
  const answer = await ask(url, assertionOf(credentials));
  if (answer.status !== 200) throw refusal(answer, credentials);
  const token = granted.safeParse(jsonIn(answer.body));
  if (token.success) return token.data;
  throw new ChannelError('provider_error', {
    providerResponse: 'Google gave no access token',
    providerDown: true,
  });
}

/** Bounded by a time of its own, since all sends that wait for a token share the call. */
async function ask(url: string, assertion: string): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await readAnswer(
      await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal,
        body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
      }),
    );
  } catch (error) {
    throw callFailure(error, { signal });
  }
}

function assertionOf({ client_email, private_key, private_key_id }: FcmCredentials): string {
  const now = Math.floor(Date.now() / 1000);
  const header = {
    alg: 'RS256',
    typ: 'JWT',
    ...(private_key_id === undefined ? {} : { kid: private_key_id }),
  };
  const claims = {
    iss: client_email,
    scope: SCOPE,
    // Google's, whatever the way to it.
    aud: GOOGLE_TOKEN_URL,
    iat: now,
    exp: now + ASSERTION_SECONDS,
  };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), private_key).toString('base64url')}`;
}

/** RFC 6749 section 5.2: what is wrong with the account comes as 400 or 401. */
function refusal(answer: HttpAnswer, { client_email }: FcmCredentials): ChannelError {
  const said = refused.safeParse(jsonIn(answer.body)).data;
  const secrets = [client_email];
  if (answer.status < 400 || answer.status > 403) return httpFailure(answer, secrets);
  const words = said ? [said.error, said.error_description].filter(Boolean).join(': ') : `${answer.status}`;
  return new ChannelError('auth_error', { providerResponse: redactResponse(words, secrets) });
}
