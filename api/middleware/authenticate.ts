import { timingSafeEqual, createHash } from 'node:crypto';
import type { Request } from 'express';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { tenantId as tenantIdSchema } from '../../contracts/primitives.js';
import { CONSOLE_TOKEN } from '../operator-sessions.js';
import { hasRole, type Access, type Caller } from '../caller.js';
import type { ApiDependencies } from '../dependencies.js';
import { MAX_TOKEN_LENGTH, verifyPerson } from '../verify-person.js';

/**
 * Finds out who calls and whether they may. `known` is told of them before anything of theirs is refused.
 * @throws CarillonError `unauthenticated`, `rate_limited`, `forbidden`, or `not_found` for a tenant that is not there.
 */
export async function authenticate(
  request: Request,
  access: Exclude<Access, 'public' | 'signed'>,
  deps: ApiDependencies,
  known: (caller: Caller) => Promise<void>,
): Promise<Caller> {
  const token = bearer(request);
  const caller = await checked(token, request, access, deps);
  await known(caller);
  await deps.requestLimits.take(caller, token);
  authorize(caller, access);
  return caller;
}

/** The holder of the token, unless too many wrong ones came from the same address. */
async function checked(
  token: string,
  request: Request,
  access: Access,
  deps: ApiDependencies,
): Promise<Caller> {
  const address = request.ip ?? '';
  await deps.requestLimits.beforeCredential(address, token);
  try {
    if (token.startsWith('ck_')) return await keyHolder(token, request, access, deps);
    if (token.startsWith(CONSOLE_TOKEN)) return await operatorHere(token, request, access, deps);
    return await person(token, request, access, deps);
  } catch (error) {
    if (error instanceof CarillonError && error.code === 'unauthenticated')
      await deps.requestLimits.wrongCredential(address);
    throw error;
  }
}

function bearer(request: Request): string {
  const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (token === undefined || token.length > MAX_TOKEN_LENGTH) {
    throw new CarillonError(
      'unauthenticated',
      'send "Authorization: Bearer …" with an API key or a person token',
    );
  }
  return token;
}

async function keyHolder(
  key: string,
  request: Request,
  access: Access,
  deps: ApiDependencies,
): Promise<Caller> {
  if (isPlatformKey(key, deps)) return platformOperator('platform', request, access, deps);
  const found = await deps.models.apiKeys.findByKey(key);
  if (!found) throw new CarillonError('unauthenticated', 'the API key is not known, or was revoked');
  const named = request.get('x-tenant-id');
  if (named !== undefined && named !== found.tenantId) {
    throw new CarillonError('not_found', 'there is no such tenant for this key');
  }
  return { kind: 'tenant', actor: `key:${found.id}`, tenantId: found.tenantId, roles: found.roles };
}

/** Of a session that was opened at this machine, where Carillon is tried out; nowhere else is it taken. */
async function operatorHere(
  token: string,
  request: Request,
  access: Access,
  deps: ApiDependencies,
): Promise<Caller> {
  const { CARILLON_DEMO_TENANT: demoTenant, CARILLON_BOOTSTRAP_KEY: platformKey } = deps.config;
  const isOpen =
    demoTenant !== undefined &&
    platformKey !== undefined &&
    (await deps.consoleSessions.isOpen(token, platformKey));
  if (!isOpen) throw new CarillonError('unauthenticated', 'the session is over: sign in again');
  return platformOperator('platform:console', request, access, deps);
}

async function platformOperator(
  actor: string,
  request: Request,
  access: Access,
  deps: ApiDependencies,
): Promise<Caller> {
  // Platform routes stand above the tenants, one of which may be about to be created.
  const tenant = access === 'platform' ? {} : await namedTenant(request, deps);
  return { kind: 'platform', actor, ...tenant };
}

/** True for the key of the deployment's operators. */
export function isPlatformKey(key: string, { config }: Pick<ApiDependencies, 'config'>): boolean {
  const bootstrap = config.CARILLON_BOOTSTRAP_KEY;
  return bootstrap !== undefined && sameSecret(key, bootstrap);
}

async function namedTenant(request: Request, deps: ApiDependencies): Promise<{ tenantId?: string }> {
  const named = request.get('x-tenant-id');
  if (named === undefined) return {};
  if (!tenantIdSchema.safeParse(named).success) throw invalid('X-Tenant-Id', 'is not a tenant ID');
  if (!(await deps.models.tenants.find(named)))
    throw new CarillonError('not_found', `there is no tenant "${named}"`);
  return { tenantId: named };
}

async function person(
  token: string,
  request: Request,
  access: Access,
  deps: ApiDependencies,
): Promise<Caller> {
  const named = request.get('x-tenant-id');
  const { tenantId, recipientId, roles } = await verifyPerson(token, deps, {
    namedTenant: named,
    isPersonal: access === 'person',
  });
  if (named !== undefined && named !== tenantId)
    throw new CarillonError('not_found', 'there is no such tenant for this person');
  return { kind: 'person', actor: `person:${recipientId}`, tenantId, recipientId, roles };
}

function authorize(caller: Caller, access: Exclude<Access, 'public' | 'signed'>): void {
  switch (access) {
    case 'person':
      if (caller.kind !== 'person') throw forbidden('this is a person’s own: call it with a person token');
      return;
    case 'platform':
      if (caller.kind !== 'platform') throw forbidden('only a platform key may do this');
      return;
    case 'operator':
      if (caller.kind === 'platform') return;
      return authorize(caller, 'admin');
    case 'sender':
    case 'manager':
    case 'admin':
      if (caller.kind === 'platform') {
        if (caller.tenantId === undefined)
          throw invalid('X-Tenant-Id', 'is missing: a platform key names the tenant');
        return;
      }
      if (caller.kind === 'nobody' || !hasRole(caller.roles, access))
        throw forbidden(
          caller.kind === 'person' && caller.roles.length === 0
            ? 'a person without a role may only call /v1/me'
            : `this needs the role ${access}`,
        );
  }
}

function forbidden(detail: string): CarillonError {
  return new CarillonError('forbidden', detail);
}

/** Compares in constant time, whatever the lengths. */
function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
