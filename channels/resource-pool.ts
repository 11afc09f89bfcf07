import { createHmac, randomBytes } from 'node:crypto';
import { shuttingDown } from './shutting-down.js';

interface Entry<T> {
  resource: T;
  using: number;
  retired: boolean;
}

/** What a pool needs to know of its resources. */
export interface PoolOptions<T> {
  /** How many resources are kept, at least 1. One that was retired and is still in use does not count. */
  limit: number;
  /** Ends a resource that was retired, as soon as nobody uses it. */
  endWhenFree: (resource: T) => Promise<void> | void;
}

/**
 * Resources that are costly to open and must not end under those who use them: connections, clients. One per identity,
 * at most `limit`; the one unused for longest goes first, once its last use is over. An identity is anything that JSON
 * tells apart, and is kept as a hash with a key of this process, so that no secret in it can be read or guessed.
 */
export class ResourcePool<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly hashKey = randomBytes(32);
  private readonly ending = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly options: PoolOptions<T>) {}

  /** Number of resources that are kept. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * Works with the identity's resource, opened by the first use.
   * @throws what `open` or `work` throws, or a `ChannelError` once closed.
   */
  async use<Result>(
    identity: unknown,
    open: () => T,
    work: (resource: T) => Promise<Result>,
  ): Promise<Result> {
    const entry = this.entryFor(this.keyOf(identity), open);
    entry.using += 1;
    try {
      return await work(entry.resource);
    } finally {
      entry.using -= 1;
      this.endWhenFree(entry);
    }
  }

  /** Gives up the identity's resource, if there is one: the next use opens another. */
  retire(identity: unknown): void {
    this.retireKey(this.keyOf(identity));
  }

  /** Ends all, those in use with their last use. Resolves when those that nobody uses have ended. */
  async close(): Promise<void> {
    this.closed = true;
    for (const key of [...this.entries.keys()]) this.retireKey(key);
    await Promise.all(this.ending);
  }

  private entryFor(key: string, open: () => T): Entry<T> {
    if (this.closed) throw shuttingDown();
    const entry = this.entries.get(key) ?? { resource: open(), using: 0, retired: false };
    // A Map keeps the order of insertion: taken out and put back, the entry is the latest used.
    this.entries.delete(key);
    this.entries.set(key, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.options.limit && oldest !== undefined) this.retireKey(oldest);
    return entry;
  }

  private retireKey(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    entry.retired = true;
    this.endWhenFree(entry);
  }

  private endWhenFree({ resource, using, retired }: Entry<T>): void {
    if (!retired || using > 0) return;
    const ending = Promise.resolve(this.options.endWhenFree(resource)).finally(() =>
      this.ending.delete(ending),
    );
    this.ending.add(ending);
  }

  private keyOf(identity: unknown): string {
    return createHmac('sha256', this.hashKey).update(JSON.stringify(identity)).digest('base64url');
  }
}
