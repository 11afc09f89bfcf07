import { CarillonError } from '../../client/carillon-error.js';
import type { ErrorBody } from '../../client/shapes.js';
import { eventsOf } from './server-events.js';

const TIMEOUT_MS = 30_000;

/** Who calls: sent as headers with each call, never in an address. */
export interface Credentials {
  /** An API key, an admin's token, or a session of this machine's. */
  token: string;
  /** The tenant that a platform operator acts in. */
  tenantId?: string;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export type Query = Record<string, string | number | null | undefined>;

interface Sent {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

/** The API, as whoever is signed in calls it. Every method throws `CarillonError`, or the signal's reason. */
export class ConsoleApi {
  /**
   * @param credentials asked before each call; undefined while nobody is signed in
   * @param refused told when the API does not know the credentials, or not any more
   */
  constructor(
    private readonly credentials: () => Credentials | undefined,
    private readonly refused: () => void = () => undefined,
  ) {}

  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return this.call<T>('GET', path, { query, signal });
  }

  /** Without a body unless one is given. */
  post<T>(path: string, body?: unknown): Promise<T> {
    return this.call<T>('POST', path, { body });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PUT', path, { body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PATCH', path, { body });
  }

  delete(path: string): Promise<void> {
    return this.call('DELETE', path);
  }

  /** Server-Sent Events, read as they come; they end with the server's last, or when the signal says so. */
  async *events<T>(
    path: string,
    signal: AbortSignal,
  ): AsyncGenerator<{ event: string; data: T }, void, void> {
    const response = await this.send('GET', path, { signal });
    if (!response.ok) throw await this.refusal(response);
    if (response.body) yield* eventsOf<T>(response.body);
  }

  private async call<T>(method: string, path: string, sent: Sent = {}): Promise<T> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = sent.signal ? AbortSignal.any([sent.signal, timeout]) : timeout;
    const response = await this.send(method, path, { ...sent, signal });
    if (!response.ok) throw await this.refusal(response);
    const text = await response.text().catch((cause: unknown) => {
      throw unreachable(cause, sent.signal);
    });
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private async send(method: string, path: string, { query, body, signal }: Sent): Promise<Response> {
    const { token = '', tenantId } = this.credentials() ?? {};
    try {
      return await fetch(path + queryText(query), {
        method,
        cache: 'no-store',
        credentials: 'omit',
        headers: {
          authorization: `Bearer ${token}`,
          ...(tenantId === undefined ? {} : { 'x-tenant-id': tenantId }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      throw unreachable(cause, signal);
    }
  }

  private async refusal(response: Response): Promise<CarillonError> {
    const { status, headers } = response;
    // Something between here and the API may answer instead, a proxy's page say.
    const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
    const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
    const error = new CarillonError(
      body?.code ?? (status < 500 ? 'not_found' : 'unavailable'),
      body?.detail ?? `the answer was ${status}`,
      {
        status,
        errors: body?.errors,
        requestId: headers.get('x-request-id') ?? undefined,
        ...(Number.isNaN(retryAfter) ? {} : { retryAfterMs: retryAfter * 1000 }),
      },
    );
    if (error.code === 'unauthenticated') this.refused();
    return error;
  }
}

/** A call that was given up by its caller is no error of the API's. */
function unreachable(cause: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted && (cause as Error).name === 'AbortError') return cause;
  return new CarillonError('unreachable', 'Carillon does not answer', { cause });
}

function queryText(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  const text = parameters.toString();
  return text && `?${text}`;
}

/** True for what a caller gave up by itself. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
