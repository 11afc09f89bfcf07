/** ISO 8601 in UTC, or null. */
export function iso(date: Date | undefined): string | null {
  return date ? date.toISOString() : null;
}

/** A time with an offset as ISO 8601 in UTC, or null. */
export function isoOf(time: string | null | undefined): string | null {
  return time ? new Date(time).toISOString() : null;
}
