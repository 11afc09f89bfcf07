import type { JWTPayload } from 'jose';
import type { PersonRole, TenantAuth } from '../contracts/tenant-auth.js';

/** A claim by its very name, which may hold dots (`https://app.example/roles`); else by a path of names. */
export function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** What the roles in the token are here, by the tenant's setting; those that it does not name are nothing. */
export function rolesIn(payload: JWTPayload, auth: TenantAuth): PersonRole[] {
  const claim = claimOf(payload, auth.rolesClaim);
  const names = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  const roles = names.flatMap((name: unknown) =>
    typeof name === 'string' && Object.hasOwn(auth.roleMapping, name) ? [auth.roleMapping[name]] : [],
  );
  return [...new Set(roles)].filter((role) => role !== undefined);
}
