import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { CarillonError } from '../contracts/errors.js';
import type { Network } from '../contracts/network.js';
import { externalId, tenantId as tenantIdSchema } from '../contracts/primitives.js';
import { tokenAlgorithms, type PersonRole, type TenantAuth } from '../contracts/tenant-auth.js';
import type { Logger } from '../runtime/logger.js';
import { claimOf, rolesIn } from './claims.js';
import { KeySetError, RemoteKeySet, usable, type KeySetTimes } from './key-set.js';
import type { TenantAuthSource } from './tenant-auth-source.js';

/** Seconds by which the clocks of whoever issued a token and of this machine may differ. */
const CLOCK_SKEW_SECONDS = 60;
/** Claims of one token that are looked at for a tenant's ID. */
const MAX_CANDIDATES = 50;

/** What a token says, once its signature was checked. */
export interface PersonClaims {
  tenantId: string;
  recipientId: string;
  roles: readonly PersonRole[];
  /** When it was issued; undefined when it does not say. Of tenants' tokens in whole seconds. */
  issuedMs: number | undefined;
  /** From when on it is refused. */
  expiresMs: number;
}

/** Tokens that a tenant's own identity provider issues to the tenant's people: RS256 or ES256, checked with its keys. */
export class TenantTokens {
  private readonly keySets = new LRUCache<string, JWTVerifyGetKey>({ max: 2_000 });

  constructor(
    private readonly settings: TenantAuthSource,
    private readonly network: Network,
    private readonly log: Logger,
    private readonly times: KeySetTimes = {},
  ) {}

  /**
   * @param namedTenant what the call says beside the token, for tokens whose tenant stands in a nested claim
   * @throws CarillonError `unauthenticated`; `unavailable` when the tenant's keys cannot be had
   */
  async verify(token: string, namedTenant?: string): Promise<PersonClaims> {
    const { tenantId, auth } = await this.tenantOf(unverified(token), namedTenant);
    const payload = await this.checked(token, tenantId, auth);
    // Chosen by what the token said before it was checked; what counts is what it says now.
    if (claimOf(payload, auth.tenantClaim) !== tenantId)
      throw unauthenticated('the token is another tenant’s');
    const subject = externalId.safeParse(claimOf(payload, auth.subjectClaim));
    if (!subject.success)
      throw unauthenticated(`the token has no person’s ID in its claim "${auth.subjectClaim}"`);
    return {
      tenantId,
      recipientId: subject.data,
      roles: rolesIn(payload, auth),
      issuedMs: payload.iat === undefined ? undefined : payload.iat * 1000,
      expiresMs: ((payload.exp ?? 0) + CLOCK_SKEW_SECONDS) * 1000,
    };
  }

  /** The one tenant that the token says it is of, by the claim and the issuer that this tenant wants. */
  private async tenantOf(payload: JWTPayload, namedTenant: string | undefined) {
    const named = Object.values(payload).filter(
      (value) => tenantIdSchema.safeParse(value).success,
    ) as string[];
    const candidates = [...new Set([...(namedTenant === undefined ? [] : [namedTenant]), ...named])];
    const known = await this.settings.ofAll(candidates.slice(0, MAX_CANDIDATES));
    const fitting = [...known].filter(
      ([tenantId, auth]) =>
        auth.issuer !== undefined &&
        auth.issuer === payload.iss &&
        claimOf(payload, auth.tenantClaim) === tenantId &&
        (namedTenant === undefined || namedTenant === tenantId),
    );
    const [first, second] = fitting;
    if (!first) throw unauthenticated('the token’s issuer and tenant are not set up together here');
    if (second) throw unauthenticated('the token could be of several tenants: name one in X-Tenant-Id');
    return { tenantId: first[0], auth: first[1] };
  }

  private async checked(token: string, tenantId: string, auth: TenantAuth): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.keySet(tenantId, auth), {
        algorithms: [...tokenAlgorithms],
        issuer: auth.issuer,
        audience: auth.audience,
        requiredClaims: ['iss', 'aud', 'exp'],
        clockTolerance: CLOCK_SKEW_SECONDS,
      });
      if (payload.iat !== undefined && payload.iat > Date.now() / 1000 + CLOCK_SKEW_SECONDS)
        throw unauthenticated('the token was issued in the future');
      return payload;
    } catch (error) {
      throw translated(error);
    }
  }

  private keySet(tenantId: string, auth: TenantAuth): JWTVerifyGetKey {
    const name = JSON.stringify([tenantId, auth.jwksUrl ?? auth.jwks]);
    const known = this.keySets.get(name);
    if (known) return known;
    const made = byKid(this.makeKeySet(auth));
    this.keySets.set(name, made);
    return made;
  }

  private makeKeySet({ jwksUrl, jwks }: TenantAuth): JWTVerifyGetKey {
    if (jwksUrl !== undefined) return new RemoteKeySet(jwksUrl, this.network, this.log, this.times).keyOf;
    const keys = createLocalJWKSet(jwks ?? { keys: [] });
    return (header) => usable(keys, header);
  }
}

/** Without a `kid` a token would be tried with whatever key fits. */
function byKid(keySet: JWTVerifyGetKey): JWTVerifyGetKey {
  return (header, input) => {
    if (header.kid === undefined)
      throw unauthenticated('the token names no key: "kid" is missing in its header');
    return keySet(header, input);
  };
}

function unverified(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (error instanceof KeySetError)
    return new CarillonError(
      'unavailable',
      `the token cannot be checked, because of the tenant’s key set: ${error.message}`,
      undefined,
      { cause: error, retryAfterMs: 10_000 },
    );
  if (error instanceof errors.JWTExpired) return unauthenticated('the token has expired', error);
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthenticated(`the token’s "${error.claim}" is not what it must be`, error);
  if (error instanceof errors.JWKSNoMatchingKey)
    return unauthenticated('no key of the tenant has the token’s "kid"', error);
  if (error instanceof errors.JOSEError) return unauthenticated('the token is not valid', error);
  return error;
}

function unauthenticated(detail: string, cause?: unknown): CarillonError {
  return new CarillonError('unauthenticated', detail, undefined, { cause });
}
