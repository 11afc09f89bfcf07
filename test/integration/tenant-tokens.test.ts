import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  startIdentityProvider,
  type IdentityProvider,
  type TokenWishes,
} from '../support/identity-provider.js';
import { approval, keyOf, run, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
let provider: IdentityProvider;
/** Another tenant, with an identity provider of its own. */
let other: string;
let otherProvider: IdentityProvider;

const path = '/v1/tenant/auth';
const seconds = () => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  engine = await startChecked({ env: { CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' } });
  other = `${engine.tenantId}-b`;
  expect((await engine.call('POST', '/v1/tenants', { id: other, name: 'Other' })).status).toBe(201);
  provider = await startIdentityProvider(engine.tenantId);
  otherProvider = await startIdentityProvider(other);
  await setUp(otherProvider, {}, other);
});

afterAll(async () => {
  await provider.stop();
  await otherProvider.stop();
  await engine.stop();
});

beforeEach(async () => {
  await setUp(provider);
});

async function setUp(from: IdentityProvider, more: object = {}, tenant = engine.tenantId): Promise<void> {
  const auth = { jwksUrl: from.jwksUrl, issuer: from.issuer, audience: 'carillon', ...more };
  const answer = await engine.call<object>('PUT', path, auth, { tenant });
  expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
}

async function me(token: string, headers?: Record<string, string>) {
  const { status, body } = await engine.call<{ id?: string; code?: string; detail?: string }>(
    'GET',
    '/v1/me',
    undefined,
    { token, headers },
  );
  return { status, body };
}

const signed = (wishes?: TokenWishes) => provider.sign(wishes);

describe('a token of the tenant’s identity provider', () => {
  it.each(['RS256', 'ES256'] as const)('lets a person in with %s', async (alg) => {
    await provider.addKey(`let-in-${alg}`, { alg });
    const token = await signed({ kid: `let-in-${alg}`, claims: { sub: `u-${alg}` } });
    expect(await me(token)).toMatchObject({ status: 200, body: { id: `u-${alg}` } });
  });

  it('shows a person their own notifications, whether it or the tenant’s server told of them first', async () => {
    const token = await signed({ claims: { sub: 'u-first-seen' } });
    expect((await me(token)).status).toBe(200);
    const { id } = await run(engine, approval('u-first-seen'));
    const inbox = await engine.call<{ items: { id: string }[] }>('GET', '/v1/me/inbox', undefined, { token });
    expect(inbox.body.items.map((item) => item.id)).toEqual([id]);
  });

  it('is checked with keys that are given themselves, too', async () => {
    await setUp(provider, { jwksUrl: undefined, jwks: provider.published });
    const before = provider.asked;
    expect((await me(await signed())).status).toBe(200);
    expect(provider.asked).toBe(before);
  });

  it('may have its claims elsewhere, and one of several audiences', async () => {
    await setUp(provider, {
      audience: ['other', 'carillon'],
      tenantClaim: 'https://acme.example/organisation',
      subjectClaim: 'user.id',
    });
    const claims = {
      aud: ['somebody', 'carillon'],
      tenant_id: undefined,
      'https://acme.example/organisation': engine.tenantId,
      user: { id: 'u-nested' },
    };
    expect(await me(await signed({ claims }))).toMatchObject({ status: 200, body: { id: 'u-nested' } });
  });

  it('may have its tenant in a nested claim, if the call names it', async () => {
    await setUp(provider, { tenantClaim: 'org.id' });
    const token = await signed({ claims: { tenant_id: undefined, org: { id: engine.tenantId } } });
    expect((await me(token, { 'x-tenant-id': engine.tenantId })).status).toBe(200);
    expect((await me(token, { 'x-tenant-id': other })).status).toBe(401);
    expect((await me(token)).status).toBe(401);
  });

  it('is not confused by a second tenant that reads another claim of it', async () => {
    await setUp(otherProvider, { issuer: provider.issuer, tenantClaim: 'org' }, other);
    const token = await signed({ claims: { org: other } });
    expect((await me(token)).status).toBe(401);
    expect((await me(token, { 'x-tenant-id': engine.tenantId })).status).toBe(200);
    expect((await me(token, { 'x-tenant-id': other })).status).toBe(401);
    await setUp(otherProvider, {}, other);
  });

  it('takes clocks that are half a minute apart', async () => {
    const claims = { iat: seconds() + 30, nbf: seconds() + 30, exp: seconds() + 600 };
    expect((await me(await signed({ claims }))).status).toBe(200);
    const past = { iat: seconds() - 600, exp: seconds() - 30 };
    expect((await me(await signed({ claims: past }))).status).toBe(200);
  });
});

describe('is answered 401:', () => {
  const payload = () => ({
    iss: provider.issuer,
    aud: 'carillon',
    sub: 'u-42',
    tenant_id: engine.tenantId,
    iat: seconds(),
    exp: seconds() + 600,
  });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** The token with some claims changed after it was signed. */
  const tampered = async (claims: object) => {
    const [header, , signature] = (await signed()).split('.');
    return `${header}.${part({ ...payload(), ...claims })}.${signature}`;
  };
  const publicPem = async () => {
    const key = await importJWK(provider.published.keys[0] ?? {}, 'RS256', { extractable: true });
    return exportSPKI(key as Awaited<ReturnType<typeof generateKeyPair>>['publicKey']);
  };

  it.each<[string, () => Promise<string> | string]>([
    ['no algorithm', () => new UnsecuredJWT(payload()).encode()],
    ['no algorithm, spelt otherwise', () => `${part({ alg: 'NONE', kid: 'first' })}.${part(payload())}.`],
    [
      'no algorithm beside a signature',
      async () => `${part({ alg: 'none' })}.${(await signed()).split('.').slice(1).join('.')}`,
    ],
    [
      'HS256 with the public key as its secret',
      async () =>
        new SignJWT(payload())
          .setProtectedHeader({ alg: 'HS256', kid: 'first' })
          .sign(new TextEncoder().encode(await publicPem())),
    ],
    [
      'HS256 with the published key as its secret, made by hand',
      () => {
        const text = `${part({ alg: 'HS256', kid: 'first' })}.${part(payload())}`;
        const secret = JSON.stringify(provider.published.keys[0]);
        return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
      },
    ],
    ['another tenant in the claim, signed for ours', () => signed({ claims: { tenant_id: other } })],
    [
      'another tenant and its issuer, signed with our key',
      () => signed({ claims: { tenant_id: other, iss: otherProvider.issuer } }),
    ],
    [
      'our tenant, signed by another’s provider',
      () => otherProvider.sign({ claims: { tenant_id: engine.tenantId, iss: provider.issuer } }),
    ],
    ['a tenant claim that was swapped after it was signed', () => tampered({ tenant_id: other })],
    ['a person that was swapped after it was signed', () => tampered({ sub: 'u-1' })],
    ['no tenant', () => signed({ claims: { tenant_id: undefined } })],
    ['a tenant that there is not', () => signed({ claims: { tenant_id: 'nobody' } })],
    ['expired', () => signed({ claims: { iat: seconds() - 600, exp: seconds() - 90 } })],
    ['no expiry', () => signed({ claims: { exp: undefined } })],
    ['not valid yet', () => signed({ claims: { nbf: seconds() + 120 } })],
    ['issued in the future', () => signed({ claims: { iat: seconds() + 120 } })],
    ['another audience', () => signed({ claims: { aud: 'somebody-else' } })],
    ['no audience', () => signed({ claims: { aud: undefined } })],
    ['another issuer', () => signed({ claims: { iss: 'https://evil.example/' } })],
    ['no issuer', () => signed({ claims: { iss: undefined } })],
    ['no person', () => signed({ claims: { sub: undefined } })],
    ['a person’s ID that is none', () => signed({ claims: { sub: ' u\n' } })],
    ['a key that is not in the set', () => signed({ header: { kid: 'unknown' } })],
    ['no key named', () => signed({ header: { kid: undefined } })],
    [
      'the key of another kind',
      async () => {
        await provider.addKey('elliptic', { alg: 'ES256' });
        return signed({ header: { kid: 'elliptic' } });
      },
    ],
    [
      'an algorithm that is not taken',
      async () => {
        const { privateKey } = await generateKeyPair('ES384');
        return new SignJWT(payload()).setProtectedHeader({ alg: 'ES384', kid: 'first' }).sign(privateKey);
      },
    ],
    [
      'a key that it brings along itself',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return new SignJWT(payload())
          .setProtectedHeader({ alg: 'RS256', kid: 'first', jwk: provider.published.keys[0] })
          .sign(privateKey);
      },
    ],
    [
      'an extension that nobody understands',
      async () => {
        const text = `${part({ alg: 'RS256', kid: 'first', crit: ['tenant'], tenant: other })}.${part(payload())}`;
        return `${text}.${(await signed()).split('.')[2]}`;
      },
    ],
    ['larger than a token may be', () => signed({ claims: { padding: 'x'.repeat(7000) } })],
    ['no token at all', () => 'a.b.c'],
    ['half a token', async () => (await signed()).split('.').slice(0, 2).join('.')],
    [
      'claims that are no object',
      async () =>
        `${part({ alg: 'RS256', kid: 'first' })}.${part('claims')}.${(await signed()).split('.')[2]}`,
    ],
  ])('%s', async (_what, make) => {
    const { status, body } = await me(await make());
    expect([status, body.code], body.detail).toEqual([401, 'unauthenticated']);
    // Neither what it held nor whose it is.
    expect(body.detail).not.toContain(other);
    expect(body.detail).not.toContain('u-42');
  });

  it('nobody is made known by tokens that are refused', async () => {
    await me(await signed({ claims: { sub: 'u-nobody', aud: 'somebody-else' } }));
    expect((await engine.call('GET', '/v1/subscribers/u-nobody')).status).toBe(404);
  });
});

describe('a key set', () => {
  it('that rotates is fetched again when a token names its new key', async () => {
    expect((await me(await signed())).status).toBe(200);
    await provider.addKey('rotated', { isPublished: false });
    expect((await me(await signed({ kid: 'rotated' }))).status).toBe(401);
    provider.publish('first', 'rotated');
    expect((await me(await signed({ kid: 'rotated' }))).status).toBe(200);
  });

  it('that cannot be reached answers 503 and says why; once fetched it goes on being used', async () => {
    const away = await startIdentityProvider(engine.tenantId);
    await away.stop();
    await setUp(away);
    const token = await away.sign();
    const refused = await me(token);
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(refused.body.detail).toContain('it cannot be reached');
    await away.start();
    expect((await me(token)).status).toBe(200);
    await away.stop();
    expect((await me(token)).status).toBe(200);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['is no JSON', (response) => response.end('<html>'), 'not a JSON Web Key Set'],
    ['is no key set', (response) => response.end('{"keys":"none"}'), 'not a JSON Web Key Set'],
    ['is an error', (response) => response.writeHead(500).end(), 'it answers 500'],
    [
      'leads elsewhere',
      (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
      'it answers 302',
    ],
    ['never ends', (response) => response.end('x'.repeat(300_000)), 'larger than 256 KiB'],
    [
      'has a broken key',
      (response) => response.end('{"keys":[{"kty":"RSA","kid":"first","n":"!!!","e":"AQAB"}]}'),
      'the key that the token names',
    ],
    [
      'has a private key',
      (response) =>
        response.end(
          '{"keys":[{"kty":"oct","kid":"first","k":"AAAA"},{"kty":"RSA","kid":"first","n":"AQ","e":"AQAB","d":"AQ"}]}',
        ),
      'the key that the token names',
    ],
  ])('that %s answers 503', async (_what, answer, detail) => {
    const broken = await startIdentityProvider(engine.tenantId);
    broken.answerWith(answer);
    await setUp(broken);
    const refused = await me(await broken.sign());
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(refused.body.detail).toContain(detail);
    await broken.stop();
  });

  it('with a key that is too short answers 503', async () => {
    const weak = await startIdentityProvider(engine.tenantId);
    const jwk = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    weak.answerWith((response) => response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'first' }] })));
    await setUp(weak);
    const refused = await me(await weak.sign());
    expect(refused.status).toBe(503);
    expect(refused.body.detail).toContain('fewer than 2048 bits');
    await weak.stop();
  });
});

describe('roles in a token', () => {
  const roleMapping = { 'acme:owner': 'admin', editor: 'manager', app: 'sender' };
  const call = (token: string, method: 'GET' | 'POST', route: string, body?: unknown) =>
    engine.call<{ code?: string }>(method, route, body, { token });

  it.each([
    ['of an admin', ['reader', 'acme:owner'], [200, 200, 200]],
    ['of a sender', ['app'], [200, 403, 200]],
    ['that the setting does not name', ['admin', 'platform', 'constructor'], [403, 403, 200]],
    ['as one text', 'reader acme:owner', [200, 200, 200]],
    ['of another shape', { admin: true }, [403, 403, 200]],
    ['not at all', undefined, [403, 403, 200]],
  ])('%s', async (_what, roles, expected) => {
    await setUp(provider, { roleMapping });
    const token = await signed({ claims: { sub: 'u-roles', roles } });
    const statuses = [
      (await call(token, 'GET', '/v1/tenant')).status,
      (await call(token, 'GET', '/v1/api-keys')).status,
      (await call(token, 'GET', '/v1/me')).status,
    ];
    expect(statuses).toEqual(expected);
  });

  it('are found in a nested claim', async () => {
    await setUp(provider, { roleMapping, rolesClaim: 'realm_access.roles' });
    const token = await signed({ claims: { realm_access: { roles: ['editor'] } } });
    expect((await call(token, 'GET', '/v1/tenant')).status).toBe(200);
  });

  it('never make a platform operator', async () => {
    await setUp(provider, { roleMapping });
    const token = await signed({ claims: { roles: ['acme:owner'] } });
    expect((await call(token, 'GET', '/v1/tenants')).status).toBe(403);
    const refused = await engine.call('PUT', path, { roleMapping: { x: 'platform' } });
    expect(refused.status).toBe(400);
  });

  it('stand in the audit trail as the person', async () => {
    await setUp(provider, { roleMapping });
    const token = await signed({ claims: { sub: 'u-admin', roles: ['acme:owner'] } });
    expect((await call(token, 'POST', '/v1/api-keys', { name: 'mine', roles: ['sender'] })).status).toBe(201);
    const entry = await engine.mongo.db?.collection('audit').findOne({ actor: 'person:u-admin' });
    expect(entry).toMatchObject({ tenantId: engine.tenantId, action: 'api_key.created' });
  });

  it('are not a person’s own routes for a key, nor another tenant for a person', async () => {
    await setUp(provider, { roleMapping });
    const token = await signed({ claims: { roles: ['acme:owner'] } });
    const elsewhere = await engine.call('GET', '/v1/tenant', undefined, { token, tenant: other });
    expect(elsewhere.status).toBe(401);
    const own = await tokenOf(engine, 'u-own');
    expect((await engine.call('GET', '/v1/me', undefined, { token: own, tenant: other })).status).toBe(404);
    expect((await call(own, 'GET', '/v1/tenant')).status).toBe(403);
  });
});

describe('revoking a person’s tokens', () => {
  it('refuses those issued until now, of both kinds, and takes later ones', async () => {
    const person = 'u-revoked';
    const own = await tokenOf(engine, person);
    const theirs = await signed({ claims: { sub: person } });
    const undated = await signed({ claims: { sub: person, iat: undefined } });
    for (const token of [own, theirs, undated]) expect((await me(token)).status).toBe(200);
    expect((await engine.call('POST', `/v1/subscribers/${person}/tokens/revoke`)).status).toBe(204);
    for (const token of [own, theirs, undated])
      expect(await me(token)).toMatchObject({ status: 401, body: { detail: 'the token was revoked' } });
    expect((await me(await tokenOf(engine, person))).status).toBe(200);
    const later = await signed({ claims: { sub: person, iat: seconds() + 1 } });
    expect((await me(later)).status).toBe(200);
    expect((await me(await signed({ claims: { sub: 'u-somebody-else' } }))).status).toBe(200);
  });

  it('holds for what a role gives, too', async () => {
    await setUp(provider, { roleMapping: { owner: 'admin' } });
    const token = await signed({ claims: { sub: 'u-owner', roles: ['owner'] } });
    const list = () => engine.call<object>('GET', '/v1/api-keys', undefined, { token });
    await tokenOf(engine, 'u-owner');
    expect((await list()).status).toBe(200);
    expect((await engine.call('POST', '/v1/subscribers/u-owner/tokens/revoke')).status).toBe(204);
    expect((await list()).status).toBe(401);
  });
});

describe('/v1/tenant/auth', () => {
  it('is an admin’s, and shows what was stored', async () => {
    const { key } = await keyOf(engine, ['manager']);
    expect((await engine.call('GET', path, undefined, { token: key })).status).toBe(403);
    const auth = {
      jwks: provider.published,
      issuer: provider.issuer,
      audience: ['a', 'b'],
      tenantClaim: 'org',
      subjectClaim: 'email',
      rolesClaim: 'realm_access.roles',
      roleMapping: { 'a.b$c': 'manager', __proto: 'sender' },
      allowedOrigins: ['https://app.example', 'http://localhost:5173'],
    };
    expect(await engine.call<object>('PUT', path, auth)).toMatchObject({ status: 200, body: auth });
    expect(await engine.call<object>('GET', path)).toMatchObject({ status: 200, body: auth });
    expect((await engine.call('DELETE', path)).status).toBe(204);
    expect((await engine.call('GET', path)).status).toBe(404);
    expect((await engine.call('DELETE', path)).status).toBe(404);
    expect((await me(await signed())).status).toBe(401);
    expect((await engine.call('PUT', path, {})).status).toBe(201);
  });

  const jwk = () => provider.published.keys[0] ?? {};
  it.each<[string, () => object, string]>([
    ['both kinds of keys', () => ({ jwks: { keys: [jwk()] } }), 'jwks'],
    ['keys without an issuer', () => ({ issuer: undefined }), 'issuer'],
    ['keys without an audience', () => ({ audience: undefined }), 'audience'],
    ['an issuer without keys', () => ({ jwksUrl: undefined, audience: undefined }), 'issuer'],
    ['a URL of another kind', () => ({ jwksUrl: 'ftp://login.example/' }), 'jwksUrl'],
    ['a URL with credentials', () => ({ jwksUrl: 'https://a:b@login.example/' }), 'jwksUrl'],
    [
      'a private key',
      () => ({ jwksUrl: undefined, jwks: { keys: [{ ...jwk(), d: 'AQAB' }] } }),
      'jwks.keys.0',
    ],
    [
      'a symmetric key',
      () => ({ jwksUrl: undefined, jwks: { keys: [{ kty: 'oct', kid: 'a' }] } }),
      'jwks.keys.0.kty',
    ],
    [
      'a short key',
      () => ({ jwksUrl: undefined, jwks: { keys: [{ kty: 'RSA', kid: 'a', n: 'AQAB', e: 'AQAB' }] } }),
      'jwks.keys.0.n',
    ],
    [
      'a key without a name',
      () => ({ jwksUrl: undefined, jwks: { keys: [{ ...jwk(), kid: undefined }] } }),
      'jwks.keys.0.kid',
    ],
    ['two keys of one name', () => ({ jwksUrl: undefined, jwks: { keys: [jwk(), jwk()] } }), 'jwks.keys'],
    ['no keys', () => ({ jwksUrl: undefined, jwks: { keys: [] } }), 'jwks.keys'],
    ['an unknown field', () => ({ secret: 'x' }), 'secret'],
    ['any origin', () => ({ allowedOrigins: ['*'] }), 'allowedOrigins.0'],
    ['a pattern of origins', () => ({ allowedOrigins: ['https://*.example'] }), 'allowedOrigins.0'],
    ['an origin with a path', () => ({ allowedOrigins: ['https://app.example/'] }), 'allowedOrigins.0'],
    ['an origin that browsers do not send', () => ({ allowedOrigins: ['null'] }), 'allowedOrigins.0'],
  ])('refuses %s', async (_what, more, errorPath) => {
    const auth = { jwksUrl: provider.jwksUrl, issuer: provider.issuer, audience: 'carillon', ...more() };
    const answer = await engine.call('PUT', path, auth);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: errorPath }] } });
  });

  it('refuses a point that is not on its curve', async () => {
    const key = { kty: 'EC', kid: 'a', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
    const answer = await engine.call('PUT', path, {
      jwks: { keys: [key] },
      issuer: provider.issuer,
      audience: 'carillon',
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'jwks.keys.0' }] } });
  });
});

describe('without leave to call private addresses', () => {
  it('a key set on this machine is refused when it is set up, and http anywhere', async () => {
    const closed = await startChecked({ worker: false });
    const auth = { issuer: provider.issuer, audience: 'carillon' };
    const put = (jwksUrl: string) => closed.call('PUT', path, { ...auth, jwksUrl });
    expect(await put('https://127.0.0.1/jwks.json')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'jwksUrl', message: 'the address is not a public one' }] },
    });
    expect((await put('https://localhost/jwks.json')).status).toBe(422);
    expect((await put('http://8.8.8.8/jwks.json')).status).toBe(400);
    await closed.stop();
  });
});
