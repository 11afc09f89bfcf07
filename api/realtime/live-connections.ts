import type { ErrorCode } from '../../contracts/errors.js';
import type { Config } from '../../runtime/config.js';
import { ConnectionLimits } from './connection-limits.js';
import { Presence } from './presence.js';

/** Of one tenant, or of clients that did not say whose they are. */
export interface TenantFigures {
  /** Empty for clients that were refused before their tenant was known. */
  tenantId: string;
  websocket: number;
  polling: number;
  persons: number;
  /** How many were refused or sent away, by the reason, since the process began. */
  refused: Record<string, number>;
}

/** Why a client was refused, or sent away. */
export type RefusalReason = ErrorCode | 'flood' | 'slow';

/** Who is connected to this process, who may be, and who was refused. */
export class LiveConnections {
  readonly presence = new Presence();
  readonly limits: ConnectionLimits;
  private readonly refusals = new Map<string, Record<string, number>>();
  /** Of the change feed, in milliseconds. */
  lagMs: () => number = () => 0;

  constructor(config: Config) {
    this.limits = new ConnectionLimits(config);
  }

  refused(tenantId: string, reason: RefusalReason): void {
    const known = this.refusals.get(tenantId) ?? {};
    known[reason] = (known[reason] ?? 0) + 1;
    this.refusals.set(tenantId, known);
  }

  figures(): TenantFigures[] {
    const tenants = new Map<string, TenantFigures>();
    const of = (tenantId: string) => {
      const known = tenants.get(tenantId);
      if (known) return known;
      const refused = { ...this.refusals.get(tenantId) };
      const made = { tenantId, websocket: 0, polling: 0, persons: 0, refused };
      tenants.set(tenantId, made);
      return made;
    };
    for (const tenantId of this.refusals.keys()) of(tenantId);
    for (const { tenantId, connections } of this.presence.persons) {
      const tenant = of(tenantId);
      tenant.persons += 1;
      for (const { transport } of connections)
        tenant[transport === 'websocket' ? 'websocket' : 'polling'] += 1;
    }
    return [...tenants.values()];
  }
}
