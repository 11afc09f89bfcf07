/** IDs of one source of an audience, in byte order: the first ones behind the cursor, as many as asked for if it has them. */
export type SourcePage = readonly string[];

export interface AudiencePage {
  ids: string[];
  /** Nobody comes after these. */
  done: boolean;
}

/**
 * The next page of an audience that several sources make up, each person once, in byte order. Every source gives its
 * first `limit` IDs behind the cursor; so the first `limit` of them all are the audience's, whatever was left unread.
 */
export function nextOfAudience(sources: readonly SourcePage[], limit: number): AudiencePage {
  const all = [...new Set(sources.flat())].sort(byBytes);
  const done = sources.every((source) => source.length < limit) && all.length <= limit;
  return { ids: all.slice(0, limit), done };
}

/** The order in which MongoDB sorts strings: by their UTF-8 bytes, which is by code points. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
