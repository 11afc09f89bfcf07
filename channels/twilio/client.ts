import type { Twilio } from 'twilio';
import type { CallContext } from '../channel.js';
import type { TwilioCredentials } from './credentials.js';

type HttpClient = NonNullable<NonNullable<ConstructorParameters<typeof Twilio>[2]>['httpClient']>;
type HttpRequest = Parameters<HttpClient['request']>[0];

/** Twilio's own client for one call, and what its errors leave out of the answer. */
export interface TwilioCall {
  client: Twilio;
  /** Headers of the last answer; undefined where the last request has none, or not its end. */
  answered: () => Headers | undefined;
}

/**
 * Makes Twilio's client for one call. It costs microseconds: what is worth keeping are connections, and those are the
 * process's. Its requests go out through `fetch`, which ends with the call's signal, where the client's own transport
 * has a clock of its own, cannot be stopped, and drops Retry-After.
 * @param endpoint where Twilio's API is reached instead of at `*.twilio.com`.
 */
export async function twilioCall(
  credentials: TwilioCredentials,
  { signal }: Pick<CallContext, 'signal'>,
  endpoint: string | undefined,
): Promise<TwilioCall> {
  const { default: twilio } = await import('twilio');
  const { accountSid, authToken, apiKey, apiKeySecret, region, edge } = credentials;
  let headers: Headers | undefined;
  const request = async (asked: HttpRequest) => {
    headers = undefined;
    const response = await fetch(addressOf(asked, endpoint), {
      method: asked.method.toUpperCase(),
      headers: { ...(asked.headers as Record<string, string>), authorization: basicAuth(asked) },
      ...(asked.data === undefined ? {} : { body: formOf(asked.data) }),
      redirect: 'manual',
      signal,
    });
    const body = await response.text();
    headers = response.headers;
    return { statusCode: response.status, body, headers: Object.fromEntries(headers) };
  };
  const client = twilio(apiKey ?? accountSid, apiKeySecret ?? authToken, {
    accountSid,
    httpClient: { request } as Pick<HttpClient, 'request'> as HttpClient,
    // Empty rather than absent: else the client takes them from the environment of the process.
    region: region ?? '',
    edge: edge ?? '',
  });
  return { client, answered: () => headers };
}

function addressOf({ uri, params }: HttpRequest, endpoint: string | undefined): URL {
  const asked = new URL(uri);
  const url =
    endpoint === undefined ? asked : new URL(endpoint.replace(/\/+$/, '') + asked.pathname + asked.search);
  for (const [name, value] of entriesOf(params)) url.searchParams.append(name, value);
  return url;
}

function formOf(data: unknown): URLSearchParams {
  return new URLSearchParams(entriesOf(data));
}

type Field = string | number | boolean | undefined;

/** A list stands for its name several times over. */
function entriesOf(fields: unknown): [string, string][] {
  return Object.entries((fields ?? {}) as Record<string, Field | Field[]>).flatMap(([name, value]) =>
    [value].flat().flatMap((one): [string, string][] => (one === undefined ? [] : [[name, String(one)]])),
  );
}

function basicAuth({ username = '', password = '' }: HttpRequest): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
