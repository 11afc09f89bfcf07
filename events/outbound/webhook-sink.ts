import { isWanted } from '../../contracts/outbound-events.js';
import type { OutboundEventRow } from '../../models/outbound-events.js';
import { statusEvents } from '../../models/outbound-changes.js';
import type { WebhookEndpoint } from '../../models/webhook-endpoints.js';
import type { BuiltEvent } from './build-events.js';
import { Lane, type LaneDependencies } from './lane.js';
import { Settlements } from './settlements.js';
import type { Sink } from './sink.js';

const DAY_MS = 86_400_000;

export const WEBHOOK_LEASE = 'outbound/webhooks';

/**
 * The tenants' webhook endpoints. An event is stored, with the endpoints that wait for it, before the reading goes on; the
 * first attempts follow from memory, and from what is stored after a crash.
 */
export class WebhookSink implements Sink {
  readonly name = WEBHOOK_LEASE;
  /** Enabled endpoints of tenants that have any. */
  private endpoints = new Map<string, WebhookEndpoint[]>();
  /** By the endpoint's `_id`. */
  private lanes = new Map<string, Lane>();
  private readonly settlements: Settlements;
  private readonly deps: LaneDependencies;

  constructor(deps: Omit<LaneDependencies, 'settled'>) {
    this.settlements = new Settlements(deps, (row, endpoint) => this.lanes.get(endpoint)?.forget(row));
    this.deps = {
      ...deps,
      settled: (row, endpoint, attempt) => this.settlements.add(row, endpoint._id, attempt),
    };
  }

  async begin(): Promise<void> {
    const { webhookEndpoints, outboundEvents } = this.deps.models;
    this.endpoints = new Map();
    for (const endpoint of await webhookEndpoints.enabled()) {
      const others = this.endpoints.get(endpoint.tenantId);
      if (others) others.push(endpoint);
      else this.endpoints.set(endpoint.tenantId, [endpoint]);
    }
    // What an earlier process left, whatever became of it.
    const left = new Set(await outboundEvents.endpointsWithPending());
    for (const endpoint of [...this.endpoints.values()].flat()) {
      const lane = this.open(endpoint, left.delete(endpoint._id));
      lane.run();
    }
    for (const gone of left) await outboundEvents.dropPending(gone);
  }

  wants(tenantId: string): boolean {
    return this.endpoints.has(tenantId);
  }

  tenants(): Promise<readonly string[]> {
    return Promise.resolve([...this.endpoints.keys()]);
  }

  async endpointsChanged(tenantId: string): Promise<void> {
    const { webhookEndpoints, outboundEvents } = this.deps.models;
    const before = this.endpoints.get(tenantId) ?? [];
    const now = await webhookEndpoints.enabled(tenantId);
    if (now.length > 0) this.endpoints.set(tenantId, now);
    else this.endpoints.delete(tenantId);
    for (const endpoint of now) {
      const known = before.find(({ _id }) => _id === endpoint._id);
      if (known === undefined) this.open(endpoint, false);
      else if (known.version !== endpoint.version) this.lanes.get(endpoint._id)?.become(endpoint);
    }
    for (const { _id } of before.filter((one) => !now.some((endpoint) => endpoint._id === one._id))) {
      const lane = this.lanes.get(_id);
      this.lanes.delete(_id);
      await lane?.close(0);
      await outboundEvents.dropPending(_id);
    }
  }

  async take(events: readonly BuiltEvent[], isScan: boolean): Promise<void> {
    const wanted = isScan ? await this.untold(events) : events;
    const purgeAt = new Date(Date.now() + this.deps.keepDays * DAY_MS);
    const rows = wanted.map(({ orderKey: _orderKey, ...event }): OutboundEventRow => ({
      ...event,
      pending: (this.endpoints.get(event.tenantId) ?? [])
        .filter((endpoint) => isWanted(endpoint.events, event.type))
        .map(({ _id }) => _id),
      purgeAt,
    }));
    for (const row of await this.deps.models.outboundEvents.insert(rows))
      for (const endpoint of row.pending) this.lanes.get(endpoint)?.offer(row);
  }

  async end(graceMs: number): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.close(graceMs)));
    this.lanes.clear();
    await this.settlements.flush();
  }

  private open(endpoint: WebhookEndpoint, hasBacklog: boolean): Lane {
    const lane = new Lane(endpoint, this.deps, { hasBacklog });
    this.lanes.set(endpoint._id, lane);
    return lane;
  }

  /**
   * Without the statuses that were told before: the row has changed in other ways since, so that its event would have
   * another ID this time.
   */
  private async untold(events: readonly BuiltEvent[]): Promise<readonly BuiltEvent[]> {
    const told = new Map<string, string>();
    for (const tenantId of new Set(events.map((event) => event.tenantId))) {
      const subjects = events.flatMap((event) => (event.tenantId === tenantId ? [event.subject] : []));
      const latest = await this.deps.models.outboundEvents.latestOf(tenantId, subjects, statusEvents);
      for (const [subject, type] of latest) told.set(`${tenantId}/${subject}`, type);
    }
    return events.filter(({ tenantId, subject, type }) => told.get(`${tenantId}/${subject}`) !== type);
  }
}
