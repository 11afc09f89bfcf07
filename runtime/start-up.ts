import type { Logger } from './logger.js';

/** A dependency did not come up before the deadline. */
export class StartUpError extends Error {
  override readonly name = 'StartUpError';
}

/**
 * Tries `connect` until it succeeds, with a clear line at the first failure and one each ten seconds.
 * @throws {StartUpError} after `deadlineMs` (an epoch time), with the last failure as cause.
 */
export async function awaitDependency<T>(
  dependency: string,
  connect: () => Promise<T>,
  options: { deadlineMs: number; log: Logger; hint: string },
): Promise<T> {
  let warnedAtMs = 0;
  for (;;) {
    try {
      const value = await connect();
      if (warnedAtMs > 0) options.log.info({ dependency }, 'dependency is back');
      return value;
    } catch (error) {
      if (Date.now() >= options.deadlineMs) {
        throw new StartUpError(`${dependency} did not answer in time. ${options.hint}`, { cause: error });
      }
      if (Date.now() - warnedAtMs > 10_000) {
        options.log.warn({ dependency, hint: options.hint, err: error }, 'dependency is away, trying again');
        warnedAtMs = Date.now();
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
