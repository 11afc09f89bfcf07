import { importJWK } from 'jose';
import { z } from 'zod';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { AddressNotAllowedError } from '../../contracts/network.js';
import { personRoles, publicKeys, tenantAuth, type TenantAuth } from '../../contracts/tenant-auth.js';
import type { ApiDependencies } from '../dependencies.js';
import { route } from '../route.js';

const tag = 'tenants';

const tenantAuthView = z.object({
  jwksUrl: z.string().optional(),
  jwks: publicKeys.optional(),
  issuer: z.string().optional(),
  audience: z.union([z.string(), z.array(z.string())]).optional(),
  tenantClaim: z.string(),
  subjectClaim: z.string(),
  rolesClaim: z.string(),
  roleMapping: z.record(z.string(), z.enum(personRoles)),
  allowedOrigins: z.array(z.string()),
});

const get = route({
  method: 'get',
  path: '/v1/tenant/auth',
  tag,
  summary: 'How tokens of the tenant’s own people are checked, and where browsers may call from',
  access: 'admin',
  answers: { 200: { description: 'the settings', schema: tenantAuthView } },
  async handle({ tenantId }, deps) {
    return { status: 200, body: found(await stored(deps, tenantId)) };
  },
});

const put = route({
  method: 'put',
  path: '/v1/tenant/auth',
  tag,
  summary: 'Set both up, or replace them as a whole; other processes know within ten seconds',
  access: 'admin',
  audit: 'tenant_auth.stored',
  body: tenantAuth,
  answers: {
    200: { description: 'replaced', schema: tenantAuthView },
    201: { description: 'set up', schema: tenantAuthView },
  },
  async handle({ tenantId, body }, deps) {
    await checkKeys(body);
    await checkAddress(deps, body.jwksUrl);
    const before = await stored(deps, tenantId);
    await deps.models.tenantAuth.replace(tenantId, body);
    deps.tenantAuth.forget(tenantId);
    return { status: before ? 200 : 201, body, audited: { subject: tenantId, before, after: body } };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/tenant/auth',
  tag,
  summary:
    'Take both back: only tokens of Carillon’s own are taken then, and no browser’s calls from elsewhere',
  access: 'admin',
  audit: 'tenant_auth.removed',
  answers: { 204: { description: 'removed' } },
  async handle({ tenantId }, deps) {
    const before = found(await stored(deps, tenantId));
    await deps.models.tenantAuth.remove(tenantId);
    deps.tenantAuth.forget(tenantId);
    return { status: 204, audited: { subject: tenantId, before } };
  },
});

async function stored(deps: ApiDependencies, tenantId: string): Promise<TenantAuth | undefined> {
  return (await deps.models.tenantAuth.findAll([tenantId])).get(tenantId);
}

/** A point that is not on its curve, say: its fields look right. */
async function checkKeys({ jwks }: TenantAuth): Promise<void> {
  for (const [index, key] of (jwks?.keys ?? []).entries()) {
    try {
      await importJWK(key, key.kty === 'RSA' ? 'RS256' : 'ES256');
    } catch (error) {
      const [path, message] = [`jwks.keys.${index}`, 'is not a key that can be used'];
      throw new CarillonError('unprocessable', `${path}: ${message}`, [{ path, message }], { cause: error });
    }
  }
}

/** Whether it answers is seen when it is needed; a name that leads nowhere yet may be set up in advance. */
async function checkAddress(deps: ApiDependencies, jwksUrl: string | undefined): Promise<void> {
  if (jwksUrl === undefined) return;
  const url = new URL(jwksUrl);
  if (url.protocol !== 'https:' && !deps.config.CARILLON_ALLOW_PRIVATE_ADDRESSES)
    throw invalid('jwksUrl', 'must be https: whoever answers in its place could let anybody in');
  if (url.username !== '' || url.password !== '') throw invalid('jwksUrl', 'must not have credentials in it');
  try {
    await deps.network.resolve(url.hostname);
  } catch (error) {
    if (!(error instanceof AddressNotAllowedError)) return;
    const { message } = error;
    throw new CarillonError('unprocessable', `jwksUrl: ${message}`, [{ path: 'jwksUrl', message }], {
      cause: error,
    });
  }
}

function found(auth: TenantAuth | undefined): TenantAuth {
  if (!auth) throw new CarillonError('not_found', 'nothing is set up: PUT /v1/tenant/auth does');
  return auth;
}

export const tenantAuthRoutes = [get, put, remove];
