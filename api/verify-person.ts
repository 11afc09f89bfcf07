import { decodeProtectedHeader } from 'jose';
import { CarillonError } from '../contracts/errors.js';
import type { ApiDependencies } from './dependencies.js';
import type { PersonClaims } from './tenant-tokens.js';

/** Characters of a token. Larger ones do not fit into the headers that servers take, either. */
export const MAX_TOKEN_LENGTH = 8192;

/**
 * Finds out whom a token is of, Carillon's own or one of the tenant's identity provider.
 * @throws CarillonError `unauthenticated` for a token that is expired, revoked or forged, or whose person is gone;
 * `unavailable` when the tenant's keys cannot be had.
 */
export async function verifyPerson(
  token: string,
  deps: Pick<ApiDependencies, 'models' | 'tokens' | 'tenantTokens'>,
  { namedTenant, isPersonal }: { namedTenant?: string; isPersonal: boolean },
): Promise<PersonClaims> {
  // The algorithms of the two kinds have nothing in common, so no token can pass for the other kind.
  const isOwn = algorithmOf(token) === 'HS256';
  const claims = isOwn ? await deps.tokens.verify(token) : await deps.tenantTokens.verify(token, namedTenant);
  const { tenantId, recipientId, issuedMs } = claims;
  const state = await deps.models.subscribers.tokenState(tenantId, recipientId);
  if (!state) {
    if (isOwn) throw unauthenticated('the person of this token is not there any more');
    // The tenant vouches for a person that it has not told of yet: an inbox is opened before the first notification.
    if ((await deps.models.erasures.runningAmong(tenantId, [recipientId])).size > 0)
      throw unauthenticated('the person of this token is being erased');
    if (isPersonal) await deps.models.subscribers.upsert(tenantId, recipientId, {});
  }
  // A person who was made again after an erasure is another one than the token is of.
  if (isOwn && issuedMs !== undefined && state && issuedMs < state.createdAt.getTime())
    throw unauthenticated('the person of this token is not there any more');
  // `iat` counts seconds: of a token of the very second of the revocation nobody can tell which was first.
  if (state?.revokedAt && (issuedMs === undefined || issuedMs <= state.revokedAt.getTime()))
    throw unauthenticated('the token was revoked');
  return claims;
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch (error) {
    throw unauthenticated('the token is not valid', error);
  }
}

function unauthenticated(detail: string, cause?: unknown): CarillonError {
  return new CarillonError('unauthenticated', detail, undefined, { cause });
}
