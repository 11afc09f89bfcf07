/** Figures that cost a query are read once in this time, however often and by however many they are asked for, in ms. */
export const SAMPLE_MS = 15_000;

/**
 * Reads something at most once in `everyMs`: in between, and while a reading is under way, all get the same. A reading that
 * failed is made anew.
 */
export function sampled<T>(read: () => Promise<T>, everyMs = SAMPLE_MS): () => Promise<T> {
  let latest: { at: number; value: Promise<T> } | undefined;
  return () => {
    if (latest && performance.now() - latest.at < everyMs) return latest.value;
    const reading = { at: performance.now(), value: read() };
    latest = reading;
    reading.value.catch(() => {
      if (latest === reading) latest = undefined;
    });
    return reading.value;
  };
}
