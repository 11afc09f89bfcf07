import { ConfigError } from './config.js';
import { createLogger } from './logger.js';
import { StartUpError } from './start-up.js';

/**
 * Runs a process to its end: SIGINT and SIGTERM ask it to stop, a second one ends it at once. What cannot start says
 * why in one line and exits with 1; so does an error that nobody awaited.
 */
export async function runProcess(
  name: string,
  main: (process: { onStop: (stop: () => void) => void }) => Promise<void>,
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
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
  try {
    await main({ onStop: (each) => stops.push(each) });
    process.exit(0);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StartUpError)
      log.fatal({ err: error.cause }, error.message);
    else log.fatal({ err: error }, 'stopped by an error');
    process.exit(1);
  }
}
