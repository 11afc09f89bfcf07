import { hostname } from 'node:os';
import type { Models } from '../../models/models.js';
import type { SocketReport } from '../../models/socket-reports.js';
import type { Logger } from '../../runtime/logger.js';
import type { LiveConnections } from './live-connections.js';
import type { RealtimeSettings } from './settings.js';

/** A report counts for as many intervals: one may be late. */
const KEPT_INTERVALS = 3;

/** Says for the other processes who is connected to this one. Silent as long as nobody is. */
export class Reports {
  private timer: NodeJS.Timeout | undefined;
  private wasEmpty = true;

  constructor(
    private readonly models: Pick<Models, 'socketReports'>,
    private readonly live: LiveConnections,
    private readonly log: Logger,
    private readonly settings: Pick<RealtimeSettings, 'reportMs'>,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.store(), this.settings.reportMs);
    this.timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    if (!this.wasEmpty) await this.attempt(() => this.models.socketReports.remove(this.live.processId));
  }

  private async store(): Promise<void> {
    const report = ownReport(this.live, this.settings.reportMs);
    const isEmpty = this.live.presence.isEmpty;
    if (isEmpty && this.wasEmpty) return;
    this.wasEmpty = isEmpty;
    await this.attempt(() => this.models.socketReports.store(report));
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.log.warn({ err: error }, 'socket figures not stored');
    }
  }
}

/** Of this process, as it is now. */
export function ownReport(live: LiveConnections, reportMs: number): SocketReport {
  const at = new Date();
  return {
    _id: live.processId,
    name: `${hostname()}/${process.pid}`,
    startedAt: live.startedAt,
    at,
    streamLagMs: live.lagMs(),
    tenants: live.figures(),
    purgeAt: new Date(at.getTime() + KEPT_INTERVALS * reportMs),
  };
}
