import type { BuiltEvent } from './build-events.js';

/** Where events go: the tenants' endpoints, or Kafka. One process at a time feeds it. */
export interface Sink {
  /** The name of the lease. */
  name: string;
  /** What it has to know before the first event. @throws where it cannot begin yet. */
  begin(): Promise<void>;
  /** Looked at for every change, so it may cost nothing: whether anybody wants to hear of this tenant. */
  wants(tenantId: string): boolean;
  /** The tenants that it wants to hear of, in no order. */
  tenants(): Promise<readonly string[]>;
  /** The tenant's endpoints were changed. */
  endpointsChanged(tenantId: string): Promise<void>;
  /**
   * Takes events over: when this resolves nothing that follows, a crash included, can lose them.
   * @param isScan found by a scan, so that some may have been taken before under other IDs.
   */
  take(events: readonly BuiltEvent[], isScan: boolean): Promise<void>;
  /** Ends what `begin` began; what is under way may end within so long. */
  end(graceMs: number): Promise<void>;
}
