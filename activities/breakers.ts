import { LRUCache } from 'lru-cache';
import type { ChannelError } from '../channels/channel.js';
import { providerName, type ProviderPlace } from '../contracts/provider-run.js';
import type { ProviderHealth, ProviderHealthRow } from '../models/provider-health.js';
import type { Logger } from '../runtime/logger.js';

/** How old a worker's knowledge of a tenant's providers may be. */
const KNOWN_MS = 1_000;
/** Nobody has looked after a provider that is down for this long: whoever watched it is gone. */
const UNWATCHED_MS = 600_000;

type Store = Pick<ProviderHealth, 'troubled' | 'foundDown' | 'worked' | 'claimWatch'>;

/**
 * A breaker for each provider of each tenant, shared by all workers through MongoDB. Each worker asks at most once a
 * second for each tenant; where nothing is in trouble a send writes nothing.
 */
export class Breakers {
  private readonly known = new LRUCache<string, Promise<readonly ProviderHealthRow[]>>({
    max: 10_000,
    ttl: KNOWN_MS,
  });

  constructor(
    private readonly store: Store,
    /** Starts the run that probes a provider and drains what waits for it, unless it is there already. */
    private readonly watch: (place: ProviderPlace) => Promise<void>,
    private readonly log: Logger,
  ) {}

  /** Names (`email/smtp`) of the tenant's providers that are not to be used now. */
  async down(tenantId: string): Promise<ReadonlySet<string>> {
    const rows = await this.troubled(tenantId);
    return new Set(rows.flatMap(({ state, provider }) => (state === 'down' ? [provider] : [])));
  }

  /** The same as of this moment, not of up to a second ago. */
  downNow(tenantId: string): Promise<ReadonlySet<string>> {
    this.known.delete(tenantId);
    return this.down(tenantId);
  }

  /**
   * A send through it ended. Whatever becomes of this bookkeeping, the send's own outcome stands: a failure here is
   * logged, not thrown.
   */
  async ended(place: ProviderPlace, deliveryId: string, error: ChannelError | undefined): Promise<void> {
    try {
      if (error?.providerDown) await this.failed(place, deliveryId, error);
      else await this.worked(place);
    } catch (cause) {
      this.log.warn({ ...place, err: cause }, 'the state of a provider was not noted');
    }
  }

  /** Sees to it that a provider that is down is probed, also where the worker that should have is gone. */
  async ensureWatched(place: ProviderPlace): Promise<void> {
    try {
      if (await this.store.claimWatch(place, UNWATCHED_MS)) await this.watch(place);
    } catch (cause) {
      this.log.warn({ ...place, err: cause }, 'a provider that is down is not being watched');
    }
  }

  private async failed(place: ProviderPlace, deliveryId: string, error: ChannelError): Promise<void> {
    const known = await this.row(place);
    const row = await this.store.foundDown(place, {
      deliveryId,
      reason: error.reason,
      response: error.providerResponse,
    });
    this.known.delete(place.tenantId);
    if (row.state !== 'down' || known?.state === 'down') return;
    this.log.error({ ...place, failureReason: error.reason }, 'provider down: sends are parked');
    await this.watch(place);
  }

  private async worked(place: ProviderPlace): Promise<void> {
    if ((await this.row(place))?.state !== 'failing') return;
    await this.store.worked(place);
    this.known.delete(place.tenantId);
  }

  private async row(place: ProviderPlace): Promise<ProviderHealthRow | undefined> {
    const name = providerName(place);
    return (await this.troubled(place.tenantId)).find(({ provider }) => provider === name);
  }

  private troubled(tenantId: string): Promise<readonly ProviderHealthRow[]> {
    const known = this.known.get(tenantId);
    if (known) return known;
    const asked = this.store.troubled(tenantId);
    this.known.set(tenantId, asked);
    // A failed question is asked again, not remembered.
    asked.catch(() => this.known.delete(tenantId));
    return asked;
  }
}
