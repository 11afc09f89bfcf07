import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ChangeLog,
  isHistoryLost,
  isRefusal,
  operationTime,
  type ChangeLogPlace,
} from '../../models/change-log.js';
import type { LeasePosition } from '../../models/leases.js';
import type { Models } from '../../models/models.js';
import { outboundChanges, outboundPipeline, type OutboundChange } from '../../models/outbound-changes.js';
import type { Logger } from '../../runtime/logger.js';
import { buildEvents } from './build-events.js';
import { scanChanges } from './scan.js';
import type { Sink } from './sink.js';

export interface ConsumerDependencies {
  models: Models;
  log: Logger;
}

/** A holder that died is missed after `termMs`; whoever waits looks every `lookMs`. */
export interface ConsumerTimes {
  termMs: number;
  renewMs: number;
  lookMs: number;
  /** What is under way at the end may take so long. */
  graceMs: number;
}

const defaultTimes: ConsumerTimes = { termMs: 8_000, renewMs: 2_000, lookMs: 1_000, graceMs: 5_000 };
const BATCH = 500;
/** While nothing happens the position is stored now and then, so that the oplog does not outrun it. */
const IDLE_SAVE_MS = 10_000;
/** So often the server refuses to go on at the same place before the place is given up. */
const REFUSALS = 3;
/** Clocks of processes differ: a scan begins so long before the last position. */
const CLOCK_SLACK_MS = 60_000;

/**
 * Feeds a sink with what changes in the database: in one process at a time, which holds the lease; from where the last one
 * was, by a stored token of the change stream. At least once: what was taken when a process died before it stored the
 * position is taken again, under the same IDs.
 */
export class OutboundConsumer {
  private readonly stopping = new AbortController();
  private readonly holder = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  private readonly times: ConsumerTimes;
  private running: Promise<void> = Promise.resolve();
  private refusals = 0;
  private lagSince: number | undefined;

  constructor(
    private readonly deps: ConsumerDependencies,
    private readonly sink: Sink,
    times: Partial<ConsumerTimes> = {},
  ) {
    this.times = { ...defaultTimes, ...times };
  }

  start(): void {
    this.running = this.run();
  }

  /** Ends after the batch that it is at, and lets go of the lease. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Milliseconds from the change that was read last to its reading; undefined while another process reads. */
  lagMs(): number | undefined {
    return this.lagSince;
  }

  private async run(): Promise<void> {
    const { leases } = this.deps.models;
    while (!this.stopping.signal.aborted) {
      try {
        const lease = await leases.acquire(this.sink.name, this.holder, this.times.termMs);
        if (lease) await this.hold(lease.position);
      } catch (error) {
        this.deps.log.warn(
          { lease: this.sink.name, err: error },
          'outbound events interrupted; trying again',
        );
      }
      await this.rest(this.times.lookMs);
    }
  }

  /** Reads until it is to stop, the lease is lost, or something fails; lets go of the lease in the end. */
  private async hold(position: LeasePosition | undefined): Promise<void> {
    const { leases } = this.deps.models;
    const { sink, holder } = this;
    const ending = new AbortController();
    const stop = () => ending.abort();
    this.stopping.signal.addEventListener('abort', stop);
    const renewing = this.renew(ending);
    this.deps.log.info({ lease: sink.name }, 'outbound events are read here');
    try {
      await sink.begin();
      await this.follow(position, ending.signal);
    } finally {
      ending.abort();
      this.stopping.signal.removeEventListener('abort', stop);
      this.lagSince = undefined;
      await renewing;
      await sink.end(this.times.graceMs);
      await leases.release(sink.name, holder);
    }
  }

  private async follow(position: LeasePosition | undefined, end: AbortSignal): Promise<void> {
    const place = await this.beginAt(position, end);
    if (end.aborted) return;
    const log = new ChangeLog(this.deps.models.connection, outboundPipeline, place, BATCH);
    try {
      let savedAtMs = 0;
      while (!end.aborted) {
        const { changes, token } = await log.next(BATCH);
        this.refusals = 0;
        const at = (changes.at(-1) as { wallTime?: Date } | undefined)?.wallTime ?? new Date();
        this.lagSince = Math.max(0, Date.now() - at.getTime());
        if (changes.length > 0) await this.take(changes.flatMap(outboundChanges));
        else if (Date.now() - savedAtMs < IDLE_SAVE_MS) continue;
        if (token !== undefined && !(await this.save({ token, at }))) return;
        savedAtMs = Date.now();
      }
    } catch (error) {
      if (isRefusal(error)) this.refusals += 1;
      throw error;
    } finally {
      await log.close();
    }
  }

  /** The place to begin at: where the last holder was, now, or now after a scan of what lies between. */
  private async beginAt(position: LeasePosition | undefined, end: AbortSignal): Promise<ChangeLogPlace> {
    const now = await operationTime(this.deps.models.connection);
    const at = new Date();
    if (position === undefined) {
      await this.save({ at });
      return { at: now };
    }
    if (position.token !== undefined && (await this.isUsable(position.token)))
      return { token: position.token };
    const { log } = this.deps;
    log.warn(
      { lease: this.sink.name, from: position.at },
      'no place in the oplog to go on from: scanning for changes',
    );
    const from = new Date(position.at.getTime() - CLOCK_SLACK_MS);
    let found = 0;
    for (const tenantId of await this.sink.tenants()) {
      for await (const changes of scanChanges(this.deps.models.outboundSubjects, tenantId, from)) {
        if (end.aborted) return { at: now };
        found += changes.length;
        await this.sink.take(await buildEvents(this.deps.models, changes), true);
      }
    }
    log.info({ lease: this.sink.name, found }, 'scanned for changes');
    await this.save({ at });
    this.refusals = 0;
    return { at: now };
  }

  /** False where the oplog has nothing there any more, or the server refuses it again and again. */
  private async isUsable(token: string): Promise<boolean> {
    if (this.refusals >= REFUSALS) return false;
    let log: ChangeLog | undefined;
    try {
      log = new ChangeLog(this.deps.models.connection, [{ $match: { _id: null } }], { token }, 1);
      await log.next(1);
      return true;
    } catch (error) {
      if (isHistoryLost(error)) return false;
      if (isRefusal(error)) this.refusals += 1;
      throw error;
    } finally {
      await log?.close();
    }
  }

  private async take(found: ReturnType<typeof outboundChanges>): Promise<void> {
    const isEndpoint = (change: (typeof found)[number]) => change.collection === 'webhookEndpoints';
    const tenants = new Set(found.filter(isEndpoint).map(({ tenantId }) => tenantId));
    for (const tenantId of tenants) await this.sink.endpointsChanged(tenantId);
    const wanted = found.filter(
      (change): change is OutboundChange => !isEndpoint(change) && this.sink.wants(change.tenantId),
    );
    if (wanted.length > 0) await this.sink.take(await buildEvents(this.deps.models, wanted), false);
  }

  private save(position: LeasePosition): Promise<boolean> {
    return this.deps.models.leases.savePosition(this.sink.name, this.holder, position);
  }

  /** Keeps the lease; ends the reading once it is lost, or may be. */
  private async renew(ending: AbortController): Promise<void> {
    const { renewMs, termMs } = this.times;
    let sureUntilMs = Date.now() + termMs;
    while (!ending.signal.aborted) {
      await this.rest(renewMs, ending.signal);
      if (ending.signal.aborted) return;
      const askedAtMs = Date.now();
      try {
        const isHeld = await this.deps.models.leases.renew(this.sink.name, this.holder, termMs);
        if (isHeld) sureUntilMs = askedAtMs + termMs;
        else sureUntilMs = 0;
      } catch (error) {
        this.deps.log.warn({ lease: this.sink.name, err: error }, 'lease not renewed; trying again');
      }
      if (Date.now() > sureUntilMs) ending.abort();
    }
  }

  private async rest(ms: number, signal = this.stopping.signal): Promise<void> {
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
}
