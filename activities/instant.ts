/** Milliseconds of an optional ISO 8601 time. */
export function instant(time: string | null | undefined): number | undefined {
  return time === null || time === undefined ? undefined : Date.parse(time);
}
