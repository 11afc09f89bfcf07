/** How long a client waits before it connects again. */
const FIRST_MS = 1_000;
/** For the first minutes, so that all are back soon after a restart; then for as long as it takes. */
const SOON_MS = 10_000;
const LATER_MS = 30_000;
const SOON_ATTEMPTS = 12;

/**
 * Doubles from attempt to attempt, each by half more or less: those who lost their connection together come back apart.
 *
 * @param attempt that failed, 0 for a connection that was lost
 * @param random 0 to 1
 */
export function retryDelayMs(attempt: number, random = Math.random()): number {
  // A server that closed has closed on everybody: they spread over some seconds at once.
  if (attempt === 0) return 200 + random * 2_800;
  const longest = attempt < SOON_ATTEMPTS ? SOON_MS : LATER_MS;
  return Math.min(FIRST_MS * 2 ** attempt, longest) * (0.5 + random);
}
