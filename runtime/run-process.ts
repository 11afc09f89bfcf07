import { ConfigError } from './config.js';
import { createLogger } from './logger.js';
import type { ErrorReports } from './error-reports.js';
import { StartUpError } from './start-up.js';

/** What ends a process is told to the error sink first, for so long, in milliseconds. */
const REPORT_MS = 2_000;

/**
 * Runs a process to its end: SIGINT and SIGTERM ask it to stop, a second one ends it at once. What cannot start says
 * why in one line and exits with 1; so does an error that nobody awaited.
 */
export async function runProcess(
  name: string,
  main: (process: {
    onStop: (stop: () => void) => void;
    /** Has errors that end the process be told to somebody first. */
    reportTo: (errors: Pick<ErrorReports, 'report' | 'flush'>) => void;
  }) => Promise<void>,
): Promise<void> {
  const log = createLogger({ level: process.env.LOG_LEVEL ?? 'info', name });
  const stops: (() => void)[] = [];
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(130);
    stopping = true;
    if (stops.length === 0) process.exit(0);
    for (const each of stops) each();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  let errors: Pick<ErrorReports, 'report' | 'flush'> | undefined;
  const endWith = (error: unknown, message: string) => {
    log.fatal({ err: error }, message);
    errors?.report(error, { where: 'process' });
    if (!errors) process.exit(1);
    else void errors.flush(REPORT_MS).finally(() => process.exit(1));
  };
  process.on('unhandledRejection', (error) => endWith(error, 'unhandled rejection'));
  process.on('uncaughtException', (error) => endWith(error, 'uncaught exception'));
  try {
    await main({ onStop: (each) => stops.push(each), reportTo: (told) => (errors = told) });
    process.exit(0);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StartUpError)
      log.fatal({ err: error.cause }, error.message);
    else log.fatal({ err: error }, 'stopped by an error');
    if (!(error instanceof ConfigError)) errors?.report(error, { where: 'process' });
    await errors?.flush(REPORT_MS);
    process.exit(1);
  }
}
