/** What FCM and the browsers' push services keep a message for at most, and without a word: four weeks. */
const LONGEST_SECONDS = 28 * 24 * 3600;

/** How long a message may wait for a device that is away, in whole seconds. */
export function timeToLiveSeconds(expiresAt: string | undefined, nowMs = Date.now()): number {
  if (expiresAt === undefined) return LONGEST_SECONDS;
  const seconds = Math.floor((Date.parse(expiresAt) - nowMs) / 1000);
  return Math.min(Math.max(seconds, 0), LONGEST_SECONDS);
}
