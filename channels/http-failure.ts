import type { FailureReason } from '../contracts/errors.js';
import { AddressNotAllowedError, type Network } from '../contracts/network.js';
import { callEnded } from './call-ended.js';
import { ChannelError, type CallContext } from './channel.js';
import { redactResponse } from './redaction.js';
import { retryAfterMs } from './retry-after.js';

/** An answer over HTTP, its body cut at {@link MAX_ANSWER_BYTES}. */
export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** Enough of an answer for any word that decides; whoever answers more is not listened to. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** What the status of a refusal means (RFC 9110, RFC 6585), unless a provider says more in its body. */
const reasons: Readonly<Record<number, FailureReason>> = {
  401: 'auth_error',
  402: 'auth_error',
  403: 'auth_error',
  404: 'invalid_recipient',
  405: 'invalid_recipient',
  407: 'provider_error',
  408: 'provider_error',
  409: 'provider_error',
  410: 'invalid_recipient',
  421: 'provider_error',
  423: 'provider_error',
  425: 'provider_error',
  429: 'rate_limited',
};

/** A redirect is not followed, so what it is sent to is not where this address is. */
export function reasonOfStatus(status: number): FailureReason {
  if (status >= 500) return 'provider_error';
  if (status >= 400) return reasons[status] ?? 'content_error';
  return status >= 300 ? 'invalid_recipient' : 'unknown_error';
}

/** Milliseconds that an answer asks to wait, a day at most; undefined where it says nothing. */
export function retryAfterIn(headers: Headers): number | undefined {
  return retryAfterMs(headers.get('retry-after'));
}

/** Reads an answer up to its cap. An accepted request stays accepted where the words after its status break off. */
export async function readAnswer(response: Response): Promise<HttpAnswer> {
  const { status, headers } = response;
  try {
    return { status, headers, body: await readCapped(response) };
  } catch (error) {
    if (response.ok) return { status, headers, body: '' };
    throw error;
  }
}

async function readCapped(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the rest of the body.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString();
}

/**
 * Makes one call and reads its answer, whatever its status.
 * @param forbidden what it means that the URL leads where it may not: by default that the tenant's set-up is wrong.
 * @throws {ChannelError} where there is no answer: see {@link callFailure}.
 */
export async function call(
  network: Pick<Network, 'fetch'>,
  url: string,
  init: RequestInit,
  context: Pick<CallContext, 'signal'>,
  forbidden: FailureReason = 'auth_error',
): Promise<HttpAnswer> {
  try {
    return await readAnswer(await network.fetch(url, { ...init, signal: context.signal }));
  } catch (error) {
    throw callFailure(error, context, forbidden);
  }
}

/** A refusal as a {@link ChannelError}. `secrets` are the words that the answer might echo and nobody is to read. */
export function httpFailure(
  { status, headers, body }: HttpAnswer,
  secrets: readonly string[],
  reason: FailureReason = reasonOfStatus(status),
): ChannelError {
  const redirected = status >= 300 && status < 400;
  const said = redirected ? 'redirects are not followed' : body;
  // Looked for one by one they would cost much, and there may be thousands.
  const folded = said.toLowerCase();
  const echoed = secrets.filter((secret) => folded.includes(secret.toLowerCase()));
  return new ChannelError(reason, {
    retryAfterMs: retryAfterIn(headers),
    providerDown: status >= 500,
    providerResponse: redactResponse(`${status} ${said}`, echoed),
  });
}

/**
 * A call without an answer. Of the original error only its code survives: its text and its cause name hosts and
 * addresses.
 */
export function callFailure(
  error: unknown,
  context: Pick<CallContext, 'signal'>,
  forbidden: FailureReason = 'auth_error',
): ChannelError {
  if (error instanceof ChannelError) return error;
  const causes = [...causesOf(error)];
  const refused = causes.find((cause) => cause instanceof AddressNotAllowedError);
  if (refused) return new ChannelError(forbidden, { providerResponse: `not sent: ${refused.message}` });
  const ended = callEnded(context);
  if (ended) {
    const stopped = ended === 'stopped';
    return new ChannelError('network_error', {
      // A stop is our own doing and says nothing of the server.
      providerDown: !stopped,
      providerResponse: stopped ? 'stopped before the server had answered' : 'no answer in time',
    });
  }
  const code = causes.map(codeOf).find((found) => found !== undefined) ?? 'the call failed';
  return new ChannelError('network_error', { cause: new Error(code), providerResponse: code });
}

function* causesOf(error: unknown): Generator<Error> {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1)
    yield cause;
}

/** `ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`, `UND_ERR_SOCKET` */
function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : undefined;
}
