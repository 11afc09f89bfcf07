import { mask, maskText, type Logger } from './logger.js';
import { logContext } from './log-context.js';
import type { Metrics } from './metrics/metrics.js';

/** What is told with an error: names and IDs, no addresses and no contents. */
export interface ErrorContext {
  /** `request`, `activity` or `process`. */
  where: string;
  process?: string;
  requestId?: string;
  workflowId?: string;
  runId?: string;
  activity?: string;
  route?: string;
  traceId?: string;
}

/** A deployment's module, as `CARILLON_ERROR_SINK` names it: what it does with errors is its own affair. */
export type ErrorSink = (error: Error, context: ErrorContext) => unknown;

/** Errors that a sink is told of in a minute, at most: what floods is one fault, not many. */
const PER_MINUTE = 60;
const MINUTE_MS = 60_000;

/**
 * Tells the deployment's error sink of errors that are ours: never of a provider's refusal, and never so that the product
 * hears of it. What the sink throws is logged, and what comes too fast is counted only.
 */
export class ErrorReports {
  private left = PER_MINUTE;
  private until = 0;
  private dropped = 0;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly deps: {
      log: Pick<Logger, 'warn'>;
      metrics: Pick<Metrics, 'count'>;
      sink?: ErrorSink | undefined;
      process?: string;
    },
  ) {}

  report(error: unknown, context: ErrorContext): void {
    const { sink, metrics } = this.deps;
    if (!sink) return this.count('no_sink');
    if (!this.mayTell()) return this.count('dropped');
    metrics.count('carillon_errors_reported_total', { outcome: 'told' });
    const { process } = this.deps;
    const facts = { ...logContext(), ...(process === undefined ? {} : { process }), ...context };
    const telling = Promise.resolve()
      .then(() => sink(withoutAddresses(error), mask(facts) as ErrorContext))
      .catch((failure: unknown) => this.deps.log.warn({ err: failure }, 'the error sink failed'))
      .finally(() => this.underWay.delete(telling));
    this.underWay.add(telling);
  }

  /** Waits until what was told is told, but no longer than so many milliseconds: for a process that ends. */
  async flush(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([Promise.allSettled(this.underWay), late]);
    clearTimeout(timer);
  }

  private mayTell(): boolean {
    const now = performance.now();
    if (now >= this.until) {
      if (this.dropped > 0) this.deps.log.warn({ dropped: this.dropped }, 'errors were not reported');
      this.left = PER_MINUTE;
      this.until = now + MINUTE_MS;
      this.dropped = 0;
    }
    if (this.left <= 0) {
      this.dropped += 1;
      return false;
    }
    this.left -= 1;
    return true;
  }

  private count(outcome: 'no_sink' | 'dropped'): void {
    this.deps.metrics.count('carillon_errors_reported_total', { outcome });
  }
}

/** The same error for somebody outside: its texts masked as the log masks them, its fields left out. */
export function withoutAddresses(error: unknown, depth = 0): Error {
  if (!(error instanceof Error))
    return new Error(maskText(typeof error === 'string' ? error : 'not an error'));
  const cause = error.cause === undefined || depth > 4 ? undefined : withoutAddresses(error.cause, depth + 1);
  const copy = new Error(maskText(error.message), cause === undefined ? undefined : { cause });
  copy.name = error.name;
  if (error.stack !== undefined) copy.stack = maskText(error.stack);
  return copy;
}

/** The sink of a module's exports. @throws where it has none. */
export function sinkOf(exports: Readonly<Record<string, unknown>>): ErrorSink {
  const { report } = exports;
  if (typeof report !== 'function') throw new Error('exports no function "report"');
  return report as ErrorSink;
}
