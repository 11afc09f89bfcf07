// Latencies are counted in bins whose limits grow by a constant factor, so that a percentile's error is relative: the
// idea of DDSketch (Masson, Rim, Lee, "DDSketch: A fast and fully-mergeable quantile sketch", VLDB 2019).

/** Bins for each doubling of the latency. */
const PER_DOUBLING = 8;
const GROWTH = 2 ** (1 / PER_DOUBLING);
/** What comes out a hair above a limit is meant to lie on it: the database's logarithm and this one's agree so. */
const HAIR = 1e-9;

/** A percentile is off by this share of itself at most: 4.3 %. Under a millisecond, by a millisecond. */
export const LATENCY_ERROR = (GROWTH - 1) / (GROWTH + 1);

/** The bin of a latency: 0 up to 1 ms, and so on; bin `i` ends at `2^(i/8)` ms. */
export function latencyBin(ms: number): number {
  return Math.max(0, Math.ceil((PER_DOUBLING * Math.log(Math.max(ms, 1))) / Math.LN2 - HAIR));
}

/** {@link latencyBin} of an expression of milliseconds, in MongoDB's words. */
export function latencyBinOf(ms: unknown): object {
  const doublings = { $divide: [{ $ln: { $max: [ms, 1] } }, Math.LN2] };
  return {
    $toInt: { $max: [0, { $ceil: { $subtract: [{ $multiply: [PER_DOUBLING, doublings] }, HAIR] } }] },
  };
}

/** Counts by bin. */
export type LatencyBins = ReadonlyMap<number, number>;

/**
 * The latency (ms) below or at which `share` (0 to 1) of what was counted lies, as its bin tells; undefined for none.
 */
export function percentileOf(bins: LatencyBins, share: number): number | undefined {
  const counted = [...bins].filter(([, count]) => count > 0).sort(([one], [other]) => one - other);
  const total = counted.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(share * total));
  let below = 0;
  for (const [bin, count] of counted) {
    below += count;
    if (below >= rank) return bin === 0 ? 1 : (2 * GROWTH ** bin) / (GROWTH + 1);
  }
  return undefined;
}
