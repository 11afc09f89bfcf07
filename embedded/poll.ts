import { setTimeout as pause } from 'node:timers/promises';

/** What was waited for did not come in time. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

/**
 * Asks again and again until `check` answers something.
 * @param options.withinMs how long to ask, in milliseconds
 * @param options.everyMs pause between two questions; default 50 ms
 * @param options.what for the error: `MongoDB did not become primary`
 * @throws {DeadlinePassed}; whatever `check` throws ends the wait too.
 */
export async function poll<T>(
  check: () => Promise<T | undefined> | T | undefined,
  options: { withinMs: number; everyMs?: number; what: string },
): Promise<T> {
  const deadlineMs = Date.now() + options.withinMs;
  for (;;) {
    const answer = await check();
    if (answer !== undefined) return answer;
    if (Date.now() >= deadlineMs) {
      throw new DeadlinePassed(`${options.what} within ${Math.round(options.withinMs / 1000)} s`);
    }
    await pause(options.everyMs ?? 50);
  }
}

/** `poll` for a yes or no. */
export async function pollUntil(
  check: () => Promise<boolean> | boolean,
  options: { withinMs: number; everyMs?: number; what: string },
): Promise<void> {
  await poll(async () => ((await check()) ? true : undefined), options);
}
