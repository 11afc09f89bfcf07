import type { RealtimeSettings } from './settings.js';

/** Counts what one client sends; it has nothing to say but who it is. */
export class FloodGauge {
  private count = 0;
  private sinceMs = 0;

  constructor(private readonly limit: RealtimeSettings['flood']) {}

  /** True when this message is one too many. */
  isFlood(nowMs = Date.now()): boolean {
    if (nowMs - this.sinceMs > this.limit.withinMs) {
      this.sinceMs = nowMs;
      this.count = 0;
    }
    this.count += 1;
    return this.count > this.limit.messages;
  }
}
