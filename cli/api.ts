import { readEndpoints } from '../embedded/read-endpoints.js';
import { Failure } from './failure.js';

/** Where the API is and who calls it, as options say. */
export interface ApiOptions {
  url?: string;
  tenant?: string;
}

const PATIENCE_MS = 30_000;
/** The tenant that the embedded default makes. */
const EMBEDDED_TENANT = 'demo';

/** The API, called as one tenant. */
export class Api {
  constructor(
    readonly url: string,
    private readonly key: string,
    readonly tenant: string | undefined,
  ) {}

  /**
   * One call; a body that is not a stream is sent as JSON.
   * @throws {Failure} in the API's own words, with its code and the request's ID.
   */
  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await this.send(
      method,
      path,
      headers,
      body === undefined ? {} : { body: JSON.stringify(body) },
    );
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Sends a stream, for as long as that takes. @throws {Failure} */
  async upload<T>(path: string, mediaType: string, body: AsyncIterable<Uint8Array>): Promise<T> {
    const response = await this.send(
      'POST',
      path,
      { 'content-type': mediaType },
      { body, duplex: 'half' },
      false,
    );
    return (await response.json()) as T;
  }

  /** A list's items, page after page. */
  async *list<T>(path: string, query: Record<string, string | undefined> = {}): AsyncGenerator<T> {
    let cursor: string | null = null;
    do {
      const parameters = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
      for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
      const page: { items: T[]; nextCursor: string | null } = await this.call(
        'GET',
        `${path}?${parameters.toString()}`,
      );
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  private async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: object,
    hasDeadline = true,
  ): Promise<Response> {
    const request = {
      method,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.key}`,
        ...(this.tenant === undefined ? {} : { 'x-tenant-id': this.tenant }),
        ...headers,
      },
      ...(hasDeadline ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {}),
      ...body,
    };
    let response: Response;
    try {
      response = await fetch(new URL(path, this.url), request);
    } catch (error) {
      throw new Failure(
        `${this.url} does not answer. Is it running, and is the address right (--url, CARILLON_URL)?`,
        {
          cause: error,
        },
      );
    }
    if (!response.ok) throw new Failure(await refusal(response));
    return response;
  }
}

/** `unprocessable: there is no type "x" (data.x: is missing) [request …]` */
async function refusal(response: Response): Promise<string> {
  const id = response.headers.get('x-request-id');
  const text = await response.text();
  let said = text.slice(0, 500);
  try {
    const {
      code,
      detail,
      errors = [],
    } = JSON.parse(text) as {
      code: string;
      detail: string;
      errors?: { path: string; message: string }[];
    };
    said = [`${code}: ${detail}`, ...errors.map(({ path, message }) => `  ${path}: ${message}`)].join('\n');
  } catch {
    // Not Carillon, perhaps a proxy in front of it: then its status and first words have to do.
    said = `${response.status} ${said}`;
  }
  return id === null ? said : `${said}\n  request ${id}`;
}

/**
 * The API that options, the environment (`CARILLON_URL`, `CARILLON_API_KEY`, `CARILLON_TENANT`), or the Carillon that
 * runs in this folder name. The key is never an option: the list of processes shows those to everyone.
 * @throws {Failure} saying what is missing.
 */
export async function connectApi(options: ApiOptions, env: NodeJS.ProcessEnv = process.env): Promise<Api> {
  const url = options.url ?? (env.CARILLON_URL || undefined);
  const tenant = options.tenant ?? (env.CARILLON_TENANT || undefined);
  if (url !== undefined) {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new Failure(`"${url}" is no address: it should be like https://carillon.example.com`);
    const key = env.CARILLON_API_KEY;
    if (!key) throw new Failure('CARILLON_API_KEY is missing: an API key for this address');
    return new Api(url, key, tenant);
  }
  const endpoints = await readEndpoints(env.CARILLON_DATA_DIR || undefined).catch((error: Error) => {
    throw new Failure(`${error.message}\nOr name another: CARILLON_URL and CARILLON_API_KEY.`, {
      cause: error,
    });
  });
  return new Api(endpoints.api, env.CARILLON_API_KEY || endpoints.apiKey, tenant ?? EMBEDDED_TENANT);
}
