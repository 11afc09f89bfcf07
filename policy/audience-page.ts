/** IDs of one source of an audience, in byte order: the first ones behind the cursor. */
export type SourcePage = readonly string[];

export interface AudiencePage {
  ids: string[];
  /** Nobody comes after these. */
  done: boolean;
}

/**
 * The next page of an audience that several sources make up, each person once, in byte order. Every source gives its
 * first `limit` + 1 IDs behind the cursor, or all that it has; so the first `limit` of them all are the audience's,
 * whatever was left unread, and one more tells that it goes on.
 * Nobody behind `untilId` belongs to it.
 */
export function nextOfAudience(
  sources: readonly SourcePage[],
  { limit, untilId }: { limit: number; untilId?: string | undefined },
): AudiencePage {
  const all = [...new Set(sources.flat())].sort(byBytes);
  const isAllRead = all.length <= limit;
  const ids = all.slice(0, limit);
  if (untilId === undefined) return { ids, done: isAllRead };
  const within = ids.filter((id) => byBytes(id, untilId) <= 0);
  return { ids: within, done: isAllRead || within.length < ids.length || within.at(-1) === untilId };
}

/** The order in which MongoDB sorts strings: by their UTF-8 bytes, which is by code points. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
