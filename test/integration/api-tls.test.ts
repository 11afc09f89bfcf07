import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.js';
import type { ApiDependencies } from '../../api/dependencies.js';
import { loadConfig } from '../../runtime/config.js';
import { createLogger } from '../../runtime/logger.js';
import { Metrics } from '../../runtime/metrics/metrics.js';

let server: Server | undefined;

afterEach(async () => {
  const closed = server && once(server, 'close');
  server?.close();
  server?.closeAllConnections();
  await closed;
});

/** The API behind a connection in the clear, as behind a proxy that ends TLS. */
async function get(path: string, env: NodeJS.ProcessEnv, headers: Record<string, string> = {}) {
  const config = loadConfig({ MONGODB_URI: 'mongodb://127.0.0.1/none', ...env });
  // Nothing that is asked here reaches the other dependencies.
  server = createServer(
    createApp({
      config,
      log: createLogger({ level: 'silent', name: 'test' }),
      metrics: new Metrics(),
    } as ApiDependencies),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    headers,
  });
  return { status: response.status, hsts: response.headers.get('strict-transport-security') };
}

const required = { CARILLON_REQUIRE_TLS: 'true' };
const https = { 'x-forwarded-proto': 'https' };

describe('with CARILLON_REQUIRE_TLS', () => {
  it('what comes in the clear is refused', async () => {
    expect((await get('/openapi.json', required)).status).toBe(403);
  });

  it('the process can still be watched', async () => {
    expect((await get('/health/live', required)).status).toBe(200);
  });

  it('nobody may claim to have come over TLS', async () => {
    expect((await get('/openapi.json', required, https)).status).toBe(403);
    const elsewhere = { ...required, CARILLON_TRUSTED_PROXIES: '10.0.0.0/8' };
    expect((await get('/openapi.json', elsewhere, https)).status).toBe(403);
  });

  it('a trusted proxy says so, too, when it came in the clear', async () => {
    const trusting = { ...required, CARILLON_TRUSTED_PROXIES: '1' };
    expect((await get('/openapi.json', trusting, { 'x-forwarded-proto': 'http' })).status).toBe(403);
  });

  it.each(['1', '127.0.0.0/8', '10.0.0.0/8, 127.0.0.1'])(
    'a trusted proxy (%s) says how it came',
    async (proxies) => {
      const trusting = { ...required, CARILLON_TRUSTED_PROXIES: proxies };
      const answer = await get('/openapi.json', trusting, https);
      expect(answer).toEqual({ status: 200, hsts: 'max-age=31536000' });
    },
  );
});

it('without it browsers are told nothing of TLS', async () => {
  expect(await get('/openapi.json', {})).toEqual({ status: 200, hsts: null });
});

it.each(['everyone', '11', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'loopback', '-1'])(
  'CARILLON_TRUSTED_PROXIES may not be %s',
  (proxies) => {
    expect(() =>
      loadConfig({ MONGODB_URI: 'mongodb://127.0.0.1/none', CARILLON_TRUSTED_PROXIES: proxies }),
    ).toThrow('CARILLON_TRUSTED_PROXIES: must be a number of proxies');
  },
);
