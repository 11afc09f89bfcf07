import type { ChannelName } from '../contracts/channels.js';
import type { FailureReason } from '../contracts/errors.js';

/** What deliveries are counted by. */
export interface RollupKey {
  channel: ChannelName;
  type: string;
  /** The version of a template; '' for built-in texts. */
  template: string;
  /** '' counts everybody. A person of several roles counts under each of them. */
  role: string;
}

export interface Failures {
  reason: FailureReason;
  provider: string;
  count: number;
}

/** What is counted, as it is stored. */
export interface Figures {
  sent: number;
  failed: number;
  opened: number;
  clicked: number;
  /** Sum over what was sent. */
  latencyMs: number;
  /** A bin and its count, and so on: see `latency-bins.ts`. */
  latency: number[];
  failures: Failures[];
}

export const counters = ['sent', 'failed', 'opened', 'clicked', 'latencyMs'] as const;
export type Counters = Record<(typeof counters)[number], number>;

/** A key as one text, unlike any other's: the role, which may hold anything, comes last. */
export function keyText({ channel, type, template, role }: RollupKey): string {
  return [channel, type, template, role].join('/');
}

/** Figures that others are added to and taken from. */
export class Sum implements Counters {
  sent = 0;
  failed = 0;
  opened = 0;
  clicked = 0;
  latencyMs = 0;
  readonly latency = new Map<number, number>();
  private readonly failed_ = new Map<string, Failures>();

  /** Adds, or with `times` -1 takes away. */
  add(figures: Figures, times: 1 | -1 = 1): this {
    for (const name of counters) this[name] += times * figures[name];
    for (let at = 0; at < figures.latency.length; at += 2) {
      this.addLatency(figures.latency[at] ?? 0, times * (figures.latency[at + 1] ?? 0));
    }
    for (const { reason, provider, count } of figures.failures)
      this.addFailures(reason, provider, times * count);
    return this;
  }

  addLatency(bin: number, count: number): void {
    this.latency.set(bin, (this.latency.get(bin) ?? 0) + count);
  }

  addFailures(reason: FailureReason, provider: string, count: number): void {
    const key = `${reason}/${provider}`;
    const known = this.failed_.get(key);
    if (known) known.count += count;
    else this.failed_.set(key, { reason, provider, count });
  }

  get failures(): Failures[] {
    return [...this.failed_.values()].filter(({ count }) => count !== 0);
  }

  /** True where nothing at all is added or taken. */
  get isNothing(): boolean {
    return (
      this.isEmpty && this.failures.length === 0 && [...this.latency.values()].every((count) => count === 0)
    );
  }

  get isEmpty(): boolean {
    return counters.every((name) => this[name] === 0);
  }

  /** As it is stored: bins and failures in a fixed order, so that equal sums are equal documents. */
  toFigures(): Figures {
    const bins = [...this.latency].filter(([, count]) => count !== 0).sort(([one], [other]) => one - other);
    return {
      sent: this.sent,
      failed: this.failed,
      opened: this.opened,
      clicked: this.clicked,
      latencyMs: this.latencyMs,
      latency: bins.flat(),
      failures: this.failures.sort((one, other) =>
        `${one.reason}/${one.provider}` < `${other.reason}/${other.provider}` ? -1 : 1,
      ),
    };
  }
}
