const LONGEST_MS = 24 * 3600 * 1000;

/** The header's seconds or date (RFC 9110 section 10.2.3) in milliseconds from now: a day at most, undefined where it is neither. */
export function retryAfterMs(header: string | null | undefined, nowMs = Date.now()): number | undefined {
  if (header === null || header === undefined) return undefined;
  const ms = /^\s*\d{1,9}\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_MS);
}
