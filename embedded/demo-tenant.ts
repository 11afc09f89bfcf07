import type { Endpoints } from './endpoints.js';

/** The tenant that the printed example and the demo page use. */
export const demoTenant = 'demo';

/**
 * Creates tenant `demo` unless it is there.
 * @throws when the API does not answer, or refuses.
 */
export async function createDemoTenant(endpoints: Endpoints): Promise<void> {
  const response = await fetch(`${endpoints.api}/v1/tenants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${endpoints.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: demoTenant, name: 'Northwind Contracts' }),
    signal: AbortSignal.timeout(20_000),
  });
  const answer = await response.text();
  if (response.ok || response.status === 409) return;
  throw new Error(
    `the API answered ${response.status} when tenant "${demoTenant}" was created: ${answer.slice(0, 500)}`,
  );
}
