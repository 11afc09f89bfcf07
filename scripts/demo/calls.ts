import type { Endpoints } from '../../embedded/endpoints.js';
import { demoTenant } from './story.js';

/** One call of the running API for the demo's tenant. @throws with the API's own words. */
export async function call<T>(
  endpoints: Endpoints,
  method: string,
  path: string,
  body?: unknown,
  token = endpoints.apiKey,
): Promise<T> {
  const response = await fetch(`${endpoints.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(token === endpoints.apiKey ? { 'x-tenant-id': demoTenant } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
