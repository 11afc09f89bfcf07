import type { Logger } from './logger.js';

const LOOK_EVERY_MS = 5_000;
/** So many pings in a row without an answer count as a loss: one may be late on a busy machine. */
const MISSES = 2;

/**
 * Asks each dependency now and then, and says once in the log that it is lost, naming it, and once that it is back.
 * Answers what ends it.
 */
export function watchDependencies(
  pings: Readonly<Record<string, () => Promise<void>>>,
  { log, everyMs = LOOK_EVERY_MS }: { log: Logger; everyMs?: number },
): () => void {
  const watches = Object.entries(pings).map(([dependency, ping]) => {
    let missed = 0;
    let isAsking = false;
    const look = async () => {
      if (isAsking) return;
      isAsking = true;
      try {
        await ping();
        if (missed >= MISSES) log.info({ dependency }, 'dependency is back');
        missed = 0;
      } catch (error) {
        missed += 1;
        if (missed === MISSES) log.error({ dependency, err: error }, 'dependency is lost');
      } finally {
        isAsking = false;
      }
    };
    const timer = setInterval(() => void look(), everyMs);
    timer.unref();
    return timer;
  });
  return () => watches.forEach((timer) => clearInterval(timer));
}
