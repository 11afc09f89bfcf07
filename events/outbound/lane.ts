import type { WebhookDeliveryInput } from '../../contracts/webhook-run.js';
import { eventOf, type OutboundEventRow } from '../../models/outbound-events.js';
import type { WebhookAttemptRow } from '../../models/webhook-attempts.js';
import type { WebhookEndpoint } from '../../models/webhook-endpoints.js';
import { attemptEvent, type AttemptDependencies } from './attempt.js';

/** What the lanes of all endpoints share. */
export interface LaneDependencies extends AttemptDependencies {
  /** First attempts under way at one endpoint. */
  atOnce: number;
  /** Starts the run that tries an event again; harmless when repeated. */
  retry(input: WebhookDeliveryInput): Promise<void>;
  /** A first attempt has ended, and what is left of it has a run: to be recorded. */
  settled(row: OutboundEventRow, endpoint: WebhookEndpoint, attempt: Omit<WebhookAttemptRow, '_id'>): void;
}

/** Events that wait in memory for their turn at one endpoint; more than these wait in the database. */
const MAX_QUEUED = 500;
/** So many first attempts in vain, one after the other, and the endpoint is left alone for a while. */
const IN_VAIN = 3;
const PAUSE_MS = { first: 5_000, longest: 60_000 } as const;

/**
 * First attempts at one endpoint, a few at a time, the oldest event first. An endpoint that hangs or fails holds up nobody
 * else, and itself only: after a few failures its events wait in the database, and one goes out now and then to try it.
 */
export class Lane {
  private queue: OutboundEventRow[] = [];
  /** Queued, under way, or not yet recorded. */
  private readonly known = new Set<string>();
  private underWay = 0;
  private inVain = 0;
  private pause: NodeJS.Timeout | undefined;
  /** More waits in the database than is known here. */
  private hasBacklog: boolean;
  private isFilling = false;
  private isClosed = false;
  private readonly idle = new Set<() => void>();
  private readonly abort = new AbortController();

  constructor(
    private endpoint: WebhookEndpoint,
    private readonly deps: LaneDependencies,
    options: { hasBacklog: boolean },
  ) {
    this.hasBacklog = options.hasBacklog;
  }

  /** Its settings were changed: what was in its way may be gone. */
  become(endpoint: WebhookEndpoint): void {
    this.endpoint = endpoint;
    this.inVain = 0;
    this.resume();
  }

  /** An event that is stored, and pending for this endpoint. */
  offer(row: OutboundEventRow): void {
    if (this.hasBacklog || this.isFilling || this.queue.length >= MAX_QUEUED) this.hasBacklog = true;
    else this.enqueue([row]);
    this.run();
  }

  /** Its attempt is recorded, so the database does not know it as pending any more. */
  forget(row: Pick<OutboundEventRow, '_id'>): void {
    this.known.delete(row._id);
  }

  /** Begins whatever may begin. */
  run(): void {
    while (!this.isClosed && this.pause === undefined && this.underWay < this.room()) {
      const row = this.queue.shift();
      if (!row) break;
      this.underWay += 1;
      void this.attempt(row).finally(() => {
        this.underWay -= 1;
        this.run();
      });
    }
    if (this.queue.length === 0 && this.hasBacklog && !this.isClosed && this.pause === undefined)
      void this.fill();
    if (this.underWay === 0) for (const tell of this.idle) tell();
  }

  /** Begins nothing more, and resolves when what is under way has ended: cut off after so long. */
  async close(graceMs: number): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.pause);
    const timer = setTimeout(() => this.abort.abort(), graceMs);
    if (this.underWay > 0) await new Promise<void>((resolve) => this.idle.add(resolve));
    clearTimeout(timer);
  }

  /** An endpoint that fails is tried with one event at a time. */
  private room(): number {
    return this.inVain >= IN_VAIN ? 1 : this.deps.atOnce;
  }

  private enqueue(rows: readonly OutboundEventRow[]): void {
    for (const row of rows) {
      if (this.known.has(row._id)) continue;
      this.known.add(row._id);
      this.queue.push(row);
    }
  }

  private async attempt(row: OutboundEventRow): Promise<void> {
    const { endpoint, deps } = this;
    try {
      const made = await attemptEvent(deps, endpoint, eventOf(row), {
        kind: 'first',
        attempt: 1,
        stop: this.abort.signal,
      });
      // Whoever comes next makes it anew.
      if (!made) return;
      const delivered = made.row.outcome === 'delivered';
      if (made.waitMs !== undefined) {
        const { tenantId, id: endpointId } = endpoint;
        await deps.retry({ tenantId, endpointId, eventId: row.id, attempts: 1, waitMs: made.waitMs });
      }
      if (made.disabled !== undefined) this.isClosed = true;
      deps.settled(row, endpoint, made.row);
      this.judge(delivered);
    } catch (error) {
      deps.log.warn(
        { tenantId: endpoint.tenantId, endpointId: endpoint.id, err: error },
        'event not handed on; trying again',
      );
      this.known.delete(row._id);
      this.hasBacklog = true;
      this.rest(PAUSE_MS.first);
    }
  }

  private judge(delivered: boolean): void {
    this.inVain = delivered ? 0 : this.inVain + 1;
    if (delivered) this.resume();
    else if (this.inVain >= IN_VAIN)
      this.rest(Math.min(PAUSE_MS.first * 2 ** (this.inVain - IN_VAIN), PAUSE_MS.longest));
  }

  private rest(ms: number): void {
    if (this.isClosed || this.pause !== undefined) return;
    this.pause = setTimeout(() => this.resume(), ms);
  }

  private resume(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    this.run();
  }

  private async fill(): Promise<void> {
    if (this.isFilling) return;
    this.isFilling = true;
    try {
      const limit = MAX_QUEUED + this.known.size;
      this.hasBacklog = false;
      const rows = await this.deps.models.outboundEvents.pendingOf(this.endpoint._id, limit);
      if (rows.length === limit) this.hasBacklog = true;
      this.enqueue(rows);
    } catch (error) {
      this.deps.log.warn(
        { endpointId: this.endpoint.id, err: error },
        'waiting events not read; trying again',
      );
      this.hasBacklog = true;
      this.rest(PAUSE_MS.first);
    } finally {
      this.isFilling = false;
    }
    if (this.queue.length > 0 || this.hasBacklog) this.run();
  }
}
