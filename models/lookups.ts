/** Queries under way at once. What is asked for meanwhile goes together with the next one. */
const AT_ONCE = 2;
const MAX_TOGETHER = 200;

interface Waiting<Found> {
  resolve: (found: Found | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Single rows that many requests look up at the same time, read in few queries. Nothing is kept: every answer is of a
 * query that began after it was asked for. Where one asks alone, it is asked at once.
 */
export class Lookups<Found> {
  private waiting = new Map<string, Waiting<Found>[]>();
  private underWay = 0;

  /** @param read answers those of the IDs that are there. */
  constructor(private readonly read: (ids: string[]) => Promise<ReadonlyMap<string, Found>>) {}

  /** Undefined for one that is not there. @throws what the query of its batch failed with. */
  find(id: string): Promise<Found | undefined> {
    return new Promise((resolve, reject) => {
      const sameId = this.waiting.get(id);
      if (sameId) sameId.push({ resolve, reject });
      else this.waiting.set(id, [{ resolve, reject }]);
      this.ask();
    });
  }

  private ask(): void {
    if (this.underWay >= AT_ONCE || this.waiting.size === 0) return;
    const batch = new Map([...this.waiting].slice(0, MAX_TOGETHER));
    for (const id of batch.keys()) this.waiting.delete(id);
    this.underWay += 1;
    void this.answer(batch).finally(() => {
      this.underWay -= 1;
      this.ask();
    });
  }

  /** Never rejects: whoever waits is told. */
  private async answer(batch: Map<string, Waiting<Found>[]>): Promise<void> {
    try {
      const found = await this.read([...batch.keys()]);
      for (const [id, waiting] of batch) for (const { resolve } of waiting) resolve(found.get(id));
    } catch (error) {
      for (const waiting of batch.values()) for (const { reject } of waiting) reject(error);
    }
  }
}
