import { LRUCache } from 'lru-cache';
import type { TenantAuth } from '../contracts/tenant-auth.js';
import type { Models } from '../models/models.js';

/** How long another process's change may stay unseen, in milliseconds. */
const FRESH_MS = 10_000;

/** The tenants' settings of `/v1/tenant/auth`, kept for ten seconds: every call by a person and from a browser asks. */
export class TenantAuthSource {
  // `null`: the tenant has none, which is kept as well.
  private readonly known = new LRUCache<string, { auth: TenantAuth | null }>({ max: 10_000, ttl: FRESH_MS });
  private readonly origins = new LRUCache<string, { allowed: boolean }>({ max: 10_000, ttl: FRESH_MS });

  constructor(private readonly models: Pick<Models, 'tenantAuth'>) {}

  async of(tenantId: string): Promise<TenantAuth | undefined> {
    return (await this.ofAll([tenantId])).get(tenantId);
  }

  /** Of these tenants, those that have set it up. */
  async ofAll(tenantIds: readonly string[]): Promise<Map<string, TenantAuth>> {
    const unknown = tenantIds.filter((id) => !this.known.has(id));
    if (unknown.length > 0) {
      const found = await this.models.tenantAuth.findAll(unknown);
      for (const id of unknown) this.known.set(id, { auth: found.get(id) ?? null });
    }
    return new Map(
      tenantIds.flatMap((id) => {
        const auth = this.known.get(id)?.auth;
        return auth ? [[id, auth] as const] : [];
      }),
    );
  }

  /** Whether any tenant lets pages of this origin call. */
  async isOriginAllowed(origin: string): Promise<boolean> {
    const known = this.origins.get(origin);
    if (known) return known.allowed;
    const allowed = await this.models.tenantAuth.isOriginAllowed(origin);
    this.origins.set(origin, { allowed });
    return allowed;
  }

  /** Forgets what this process knows, after a change made by it. */
  forget(tenantId: string): void {
    this.known.delete(tenantId);
    this.origins.clear();
  }
}
