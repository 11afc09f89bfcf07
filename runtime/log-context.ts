import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line of the log says while one request or activity is worked on. */
export interface LogContext {
  requestId?: string;
  workflowId?: string;
  runId?: string;
  activity?: string;
  /** Of the trace, where tracing is on. */
  traceId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work`, and has each line that is written in it carry these fields; those around it stay. */
export function inLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

/** The fields of the work that is under way here; none outside any. */
export function logContext(): LogContext {
  return storage.getStore() ?? {};
}
