import type { Counts } from './shapes.js';

/** Where counts stop: 100 means "100 or more". */
export const CAP = 100;

/** Counts of which some are known anew. */
export function withKnown(counts: Counts, known: Partial<Counts>): Counts {
  const { unread, unseen, total } = { ...counts, ...known };
  return { unread, unseen, total, capped: Math.max(unread, unseen, total) >= CAP };
}
