/**
 * How often a test repeats itself, or how many it goes through: the short run of every day, or with
 * `CARILLON_LONG_TESTS=1` the long one.
 */
export function howMany({ short, long }: { short: number; long: number }): number {
  return process.env.CARILLON_LONG_TESTS === '1' ? long : short;
}
