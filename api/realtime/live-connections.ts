import { ulid } from 'ulid';
import type { ErrorCode } from '../../contracts/errors.js';
import type { TenantSockets } from '../../models/socket-reports.js';
import type { Config } from '../../runtime/config.js';
import type { Metrics } from '../../runtime/metrics/metrics.js';
import { ConnectionLimits } from './connection-limits.js';
import { Presence } from './presence.js';

/** Why a client was refused, or sent away. */
export type RefusalReason = ErrorCode | 'flood' | 'slow';

/** Who is connected to this process, who may be, and who was refused. */
export class LiveConnections {
  /** What this process is called in reports. */
  readonly processId = `api_${ulid().toLowerCase()}`;
  readonly startedAt = new Date();
  readonly presence = new Presence();
  readonly limits: ConnectionLimits;
  private readonly refusals = new Map<string, Record<string, number>>();
  /** Of the change feed, in milliseconds. */
  lagMs: () => number = () => 0;

  constructor(
    config: Config,
    private readonly metrics?: Metrics,
  ) {
    this.limits = new ConnectionLimits(config);
  }

  refused(tenantId: string, reason: RefusalReason): void {
    const known = this.refusals.get(tenantId) ?? {};
    known[reason] = (known[reason] ?? 0) + 1;
    this.refusals.set(tenantId, known);
    this.metrics?.count('carillon_sockets_refused_total', { reason });
  }

  /** By tenant, as it is now. */
  figures(): TenantSockets[] {
    const tenants = new Map<string, TenantSockets>();
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
