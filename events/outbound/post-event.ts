import { Webhook } from 'standardwebhooks';
import { echoedWords } from '../../channels/echoed.js';
import { readAnswer, retryAfterIn } from '../../channels/http-failure.js';
import { redactResponse } from '../../channels/redaction.js';
import { AddressNotAllowedError, type Network } from '../../contracts/network.js';
import type { OutboundEvent } from '../../contracts/outbound-events.js';
import { signingSecrets, type WebhookEndpoint } from '../../models/webhook-endpoints.js';
import { WEBHOOK_TIMEOUT_MS } from '../../workflows/retry-policies.js';

/** What a receiver made of an event. */
export interface PostOutcome {
  delivered: boolean;
  /** HTTP status; absent where nobody answered. */
  status?: number;
  /** What a refusal said, or why there was no answer: one line, capped, without addresses and secrets. */
  response?: string;
  retryAfterMs?: number;
  durationMs: number;
}

/**
 * Signs an event and posts it, once. Whatever comes of it is answered, not thrown. No redirect is followed; of a refusal
 * 64 KiB are read at most, of a success nothing; all of it takes `timeoutMs` at most.
 */
export async function postEvent(
  network: Pick<Network, 'fetch'>,
  endpoint: WebhookEndpoint,
  event: OutboundEvent,
  { stop, timeoutMs = WEBHOOK_TIMEOUT_MS }: { stop?: AbortSignal; timeoutMs?: number } = {},
): Promise<PostOutcome> {
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  if (endpoint.problem !== undefined)
    return { delivered: false, response: 'its settings cannot be opened', durationMs: 0 };
  const body = JSON.stringify(event);
  const secrets = signingSecrets(endpoint);
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const response = await network.fetch(endpoint.url, {
      method: 'POST',
      headers: {
        ...endpoint.headers,
        'content-type': 'application/json',
        'user-agent': 'Carillon',
        ...signedHeaders(event.id, body, secrets),
      },
      body,
      signal: stop ? AbortSignal.any([stop, late]) : late,
    });
    if (response.ok) {
      await response.body?.cancel();
      return { delivered: true, status: response.status, durationMs: durationMs() };
    }
    const answer = await readAnswer(response);
    const isRedirect = answer.status >= 300 && answer.status < 400;
    return {
      delivered: false,
      status: answer.status,
      response: isRedirect ? 'redirects are not followed' : masked(answer.body, endpoint),
      retryAfterMs: retryAfterIn(answer.headers),
      durationMs: durationMs(),
    };
  } catch (error) {
    return {
      delivered: false,
      response: reasonOf(error, late.aborted ? timeoutMs : undefined, endpoint),
      durationMs: durationMs(),
    };
  }
}

/** The headers of Standard Webhooks 1.0: one signature for each secret that is valid now. */
export function signedHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  now = new Date(),
): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
}

/** What an answer might echo and nobody is to read in the list of attempts. */
function masked(body: string, { url, headers, secrets }: WebhookEndpoint): string {
  const words = [...echoedWords(headers, [url]), ...secrets.map(({ secret }) => secret)];
  return redactResponse(body, words);
}

function reasonOf(error: unknown, timedOutMs: number | undefined, endpoint: WebhookEndpoint): string {
  if (timedOutMs !== undefined) return `no answer within ${timedOutMs / 1000} seconds`;
  if (error instanceof AddressNotAllowedError) return `not sent: ${error.message}`;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const words = cause instanceof Error ? cause.message : String(cause);
  return masked(`no answer: ${code === '' ? words : code}`, endpoint);
}
