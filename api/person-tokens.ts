import { createHash } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { CarillonError } from '../contracts/errors.js';
import type { Models } from '../models/models.js';
import type { PersonClaims } from './tenant-tokens.js';

const ISSUER = 'carillon';
const AUDIENCE = 'carillon/person';

/** Short-lived tokens that a tenant's server hands to its people's browsers. Signed with a key of the deployment (HS256). */
export class PersonTokens {
  /** By digest, those whose signature was checked: a page sends the same one with each request. */
  private readonly verified = new LRUCache<string, PersonClaims>({ max: 20_000 });

  constructor(private readonly models: Models) {}

  /** `expiresAt` is ISO 8601. */
  async issue(
    tenantId: string,
    recipientId: string,
    ttlMs: number,
    nowMs = Date.now(),
  ): Promise<{ token: string; expiresAt: string }> {
    const expires = Math.floor((nowMs + ttlMs) / 1000);
    // `iat` counts seconds, which is too coarse to tell a token from a revocation in the same second.
    const token = await new SignJWT({ tenant_id: tenantId, iat_ms: nowMs })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(recipientId)
      .setIssuedAt(Math.floor(nowMs / 1000))
      .setExpirationTime(expires)
      .sign(await this.key());
    return { token, expiresAt: new Date(expires * 1000).toISOString() };
  }

  /**
   * What the token says. Whether it was revoked, and the person is still there, `verifyPerson` asks.
   * @throws CarillonError `unauthenticated` for a token that is expired or forged.
   */
  async verify(token: string): Promise<PersonClaims> {
    const digest = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(digest);
    if (known && known.expiresMs > Date.now()) return known;
    const claims = await this.checked(token);
    this.verified.set(digest, claims);
    return claims;
  }

  private async checked(token: string): Promise<PersonClaims> {
    try {
      const { payload } = await jwtVerify(token, await this.key(), {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: ['HS256'],
      });
      const { sub, tenant_id: tenantId, iat_ms: issuedMs, exp } = payload;
      if (
        typeof sub !== 'string' ||
        typeof tenantId !== 'string' ||
        typeof issuedMs !== 'number' ||
        exp === undefined
      ) {
        throw unauthenticated('the token lacks claims');
      }
      return { tenantId, recipientId: sub, roles: [], issuedMs, expiresMs: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated('the token has expired', error);
      if (error instanceof errors.JOSEError) throw unauthenticated('the token is not valid', error);
      throw error;
    }
  }

  private key(): Promise<Uint8Array> {
    return this.models.dataKeys.purposeKey('person-tokens');
  }
}

function unauthenticated(detail: string, cause?: unknown): CarillonError {
  return new CarillonError('unauthenticated', detail, undefined, { cause });
}
