import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDemoTenant } from '../../embedded/demo-tenant.js';
import type { Endpoints } from '../../embedded/endpoints.js';

/** An API that answers every request alike, and what it was asked. */
async function api(status: number, answer = '') {
  const asked: { request: IncomingMessage; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ request, body });
      response.writeHead(status).end(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { asked, endpoints: { api: `http://127.0.0.1:${port}`, apiKey: 'ck_platform_x' } as Endpoints };
}

describe('the tenant of the printed example', () => {
  it('is made with the first key', async () => {
    const { asked, endpoints } = await api(201);
    await createDemoTenant(endpoints);
    expect(asked[0]?.request).toMatchObject({ method: 'POST', url: '/v1/tenants' });
    expect(asked[0]?.request.headers.authorization).toBe('Bearer ck_platform_x');
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ id: 'demo', name: 'Northwind Contracts' });
  });

  it('may be there already', async () => {
    const { endpoints } = await api(409);
    await expect(createDemoTenant(endpoints)).resolves.toBeUndefined();
  });

  it('is missed with the API’s own words', async () => {
    const { endpoints } = await api(503, '{"detail":"MongoDB cannot be reached"}');
    await expect(createDemoTenant(endpoints)).rejects.toThrow(/answered 503 .*MongoDB cannot be reached/);
  });

  it('is missed with no more than a screen can hold', async () => {
    const { endpoints } = await api(500, 'x'.repeat(10_000));
    const error = (await createDemoTenant(endpoints).catch((reason: unknown) => reason)) as Error;
    expect(error.message.length).toBeLessThan(700);
  });
});
