import { asCarillonError, CarillonError } from './carillon-error.js';
import type { ErrorBody, ErrorCode } from './shapes.js';
import type { Tokens } from './tokens.js';

const TIMEOUT_MS = 30_000;
/** A read that may succeed within this is tried once more. */
const LONGEST_WAIT_MS = 10_000;

/** Neither what a browser remembers of another answer, nor its cookies. */
const alone = { cache: 'no-store', credentials: 'omit' } as const;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpOptions {
  /** Without a slash at the end. */
  url: string;
  tokens: Tokens;
  fetch: typeof fetch;
}

export interface Sent {
  query?: object;
  body?: unknown;
}

/** Calls the API as the person. The token goes as a header, never into an address. */
export class Http {
  constructor(private readonly options: HttpOptions) {}

  /** @throws CarillonError in the API's words, or `unreachable`. */
  async call<T>(method: Method, path: string, sent: Sent = {}): Promise<T> {
    try {
      return await this.withToken<T>(method, path, sent);
    } catch (error) {
      const { retryAfterMs } = asCarillonError(error);
      if (method !== 'GET' || retryAfterMs === undefined || retryAfterMs > LONGEST_WAIT_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
      return this.withToken<T>(method, path, sent);
    }
  }

  private async withToken<T>(method: Method, path: string, sent: Sent): Promise<T> {
    const { tokens } = this.options;
    const token = await tokens.get();
    try {
      return await this.once<T>(token, method, path, sent);
    } catch (error) {
      if (asCarillonError(error).code !== 'unauthenticated') throw error;
      const renewed = await tokens.renew(token);
      if (renewed === undefined) throw error;
      return this.once<T>(renewed, method, path, sent);
    }
  }

  private async once<T>(token: string, method: Method, path: string, { query, body }: Sent): Promise<T> {
    const { fetch, url } = this.options;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url + path + queryText(query), {
        ...alone,
        method,
        // What was done as the page was left still arrives.
        keepalive: method !== 'GET',
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (cause) {
      throw new CarillonError('unreachable', 'Carillon cannot be reached', { cause });
    }
    const answer = parse(text);
    if (!response.ok) throw refusal(response, answer as Partial<ErrorBody> | undefined);
    return answer as T;
  }
}

function queryText(query: object = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, string | number | undefined][])
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  const text = parameters.toString();
  return text && `?${text}`;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    // Something between here and the API answered, a proxy's page say.
    return undefined;
  }
}

function refusal(response: Response, body: Partial<ErrorBody> | undefined): CarillonError {
  const { status, headers } = response;
  const retryAfter = headers.get('retry-after');
  return new CarillonError(body?.code ?? codeOf(status), body?.detail ?? `the answer was ${status}`, {
    status,
    errors: body?.errors,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterMs: retryAfter === null ? undefined : millisecondsOf(retryAfter),
  });
}

/** Of an answer without a code: not from the API. */
function codeOf(status: number): ErrorCode {
  if (status === 401) return 'unauthenticated';
  if (status === 429) return 'rate_limited';
  return status < 500 ? 'not_found' : 'unavailable';
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function millisecondsOf(retryAfter: string): number | undefined {
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
