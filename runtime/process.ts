import type { Config } from './config.js';
import { ErrorReports, sinkOf, type ErrorSink } from './error-reports.js';
import { loadModules } from './load-modules.js';
import { logDestination } from './log-destination.js';
import { createLogger, type Logger } from './logger.js';
import { Metrics } from './metrics/metrics.js';
import { startTracing, type Tracing } from './tracing/start.js';

/** What tells operators of a process: its log, its figures, its errors and its traces. */
export interface ProcessTelemetry {
  log: Logger;
  metrics: Metrics;
  errors: ErrorReports;
  /** Absent where no traces are asked for. */
  tracing: Tracing | undefined;
  /** Sends what is not sent yet. */
  end(): Promise<void>;
}

/** So long the end of a process waits for what is to be sent, in milliseconds. */
const END_MS = 5_000;

/**
 * Begins to tell of a process, `api` or `worker`.
 * @throws {ConfigError} where the error sink's module cannot be loaded; when the log file cannot be written.
 */
export async function startProcess(config: Config, name: 'api' | 'worker'): Promise<ProcessTelemetry> {
  const log = createLogger({ level: config.LOG_LEVEL, name }, await logDestination(config, name));
  const metrics = new Metrics(log).withProcessFigures();
  const named = config.CARILLON_ERROR_SINK;
  let sink: ErrorSink | undefined;
  await loadModules('CARILLON_ERROR_SINK', named === undefined ? [] : [named], (exports) => {
    sink = sinkOf(exports);
  });
  const errors = new ErrorReports({ log, metrics, sink, process: name });
  const tracing = await startTracing(config, name);
  return {
    log,
    metrics,
    errors,
    tracing,
    async end() {
      await errors.flush(END_MS);
      await tracing?.stop().catch((error: unknown) => log.warn({ err: error }, 'the last traces are lost'));
    },
  };
}
