import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

const ours = 'https://app.example';
const theirs = 'https://other.example';
let engine: CheckedEngine;
let token: string;
let key: string;

beforeAll(async () => {
  engine = await startChecked({ worker: false });
  const other = `${engine.tenantId}-b`;
  await engine.call('POST', '/v1/tenants', { id: other, name: 'Other' });
  await engine.call('PUT', '/v1/tenant/auth', { allowedOrigins: [ours] });
  await engine.call('PUT', '/v1/tenant/auth', { allowedOrigins: [theirs] }, { tenant: other });
  token = await tokenOf(engine, 'u-42');
  key = (await keyOf(engine, ['sender'])).key;
});
afterAll(() => engine.stop());

function ask(origin: string | undefined, headers: Record<string, string> = {}) {
  return fetch(`${engine.url}/v1/me`, {
    method: 'OPTIONS',
    headers: {
      ...(origin === undefined ? {} : { origin }),
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
      ...headers,
    },
  });
}

function call(origin: string, authorization: string, path = '/v1/me') {
  return fetch(`${engine.url}${path}`, { headers: { origin, authorization } });
}

const allowed = (response: Response) => response.headers.get('access-control-allow-origin');

describe('a browser that asks before it calls', () => {
  it.each([ours, theirs])('may call from %s, which a tenant lists', async (origin) => {
    const response = await ask(origin);
    expect([response.status, allowed(response)]).toEqual([204, origin]);
    expect(response.headers.get('vary')).toContain('Origin');
    expect(response.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each(['https://evil.example', 'null', 'https://app.example.evil.example', 'http://app.example', '*'])(
    'may not call from %s',
    async (origin) => {
      const response = await ask(origin);
      expect([response.status, allowed(response)]).toEqual([403, null]);
    },
  );
});

describe('an answer', () => {
  it('is shown to pages of the caller’s own tenant, of keys and people', async () => {
    for (const [authorization, path] of [
      [`Bearer ${token}`, '/v1/me'],
      [`Bearer ${key}`, '/v1/tenant'],
    ] as const) {
      const response = await call(ours, authorization, path);
      expect([response.status, allowed(response)]).toEqual([200, ours]);
      expect(response.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
      expect(response.headers.get('vary')).toContain('Origin');
    }
  });

  it('is not shown to pages of another tenant', async () => {
    const response = await call(theirs, `Bearer ${token}`);
    expect([response.status, allowed(response)]).toEqual([200, null]);
    expect(response.headers.get('vary')).toContain('Origin');
  });

  it('that refuses what the caller may not is shown, too', async () => {
    const response = await call(ours, `Bearer ${key}`, '/v1/api-keys');
    expect([response.status, allowed(response)]).toEqual([403, ours]);
  });

  it('to a wrong token is shown to pages of any tenant, so that they can get another', async () => {
    const response = await call(ours, 'Bearer a.b.c');
    expect([response.status, allowed(response)]).toEqual([401, ours]);
    expect(allowed(await call('https://evil.example', 'Bearer a.b.c'))).toBeNull();
  });

  it('is shown no more once the tenant has taken the origin out', async () => {
    await engine.call('PUT', '/v1/tenant/auth', { allowedOrigins: [] });
    expect(allowed(await call(ours, `Bearer ${token}`))).toBeNull();
    expect((await ask(ours)).status).toBe(403);
    await engine.call('PUT', '/v1/tenant/auth', { allowedOrigins: [ours] });
    expect(allowed(await call(ours, `Bearer ${token}`))).toBe(ours);
  });
});
