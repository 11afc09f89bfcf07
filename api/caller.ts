import type { ApiKeyRole } from '../contracts/tenants.js';

/** Who calls, once authenticated. */
export type Caller =
  | { kind: 'nobody' }
  | { kind: 'platform'; actor: string; tenantId?: string }
  | { kind: 'tenant'; actor: string; tenantId: string; roles: readonly ApiKeyRole[] }
  | {
      kind: 'person';
      actor: string;
      tenantId: string;
      recipientId: string;
      /** What the roles in the token are here; none in a token of Carillon's own. */
      roles: readonly ApiKeyRole[];
    };

/**
 * Who may call a route: anybody; a platform operator; a tenant's key with at least this role (a platform operator who
 * names the tenant too, and a person whose token gives the role); an operator for all tenants, or for one as its admin may;
 * a person for themselves. `signed` is for a tenant's key that may send, or for whoever proves themselves to the route in
 * another way.
 */
export type Access =
  'public' | 'signed' | 'platform' | 'sender' | 'manager' | 'admin' | 'operator' | 'person';

const rank = { sender: 1, manager: 2, admin: 3, platform: 4 } as const;

/** True when one of the roles is at least `least`. */
export function hasRole(roles: readonly ApiKeyRole[], least: 'sender' | 'manager' | 'admin'): boolean {
  return roles.some((role) => rank[role] >= rank[least]);
}
