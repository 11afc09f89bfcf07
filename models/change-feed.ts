import { setTimeout as pause } from 'node:timers/promises';
import { mongo, type Connection } from 'mongoose';

/** What a feed tells while it is open. Neither may throw. */
export interface FeedListener {
  onChange(change: mongo.ChangeStreamDocument): void;
  /** Changes may have been missed: it could not go on where it was, and began anew. */
  onGap(): void;
}

export interface FeedOptions {
  /** What of the database's changes is wanted, and how much of each. */
  pipeline: mongo.Document[];
  /** Pauses between attempts to open it again, in milliseconds: the last one repeats. Default 0.1 s to 5 s. */
  retryMs?: readonly number[];
  /** Told of each failure. */
  onFailure?: (error: unknown) => void;
}

/** So often it fails at the same place before it is given up, where the server is there and refuses. */
const SAME_PLACE = 3;
/** `InvalidResumeToken`, `ChangeStreamFatalError`, `ChangeStreamHistoryLost`: nothing is found where it was. */
const LOST_CODES: readonly unknown[] = [260, 280, 286];

/**
 * The changes of a database, as they are committed by a majority: a change stream that goes on where it was after the
 * server was away, and says so where it cannot.
 */
export class ChangeFeed {
  private stream: mongo.ChangeStream | undefined;
  /** Where it goes on. */
  private token: mongo.ResumeToken;
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private lastDelayMs = 0;
  private failingSinceMs: number | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly options: FeedOptions,
    private readonly listener: FeedListener,
  ) {}

  /** Begins now: whatever is written after this has resolved is told. @throws when the server is away. */
  async open(): Promise<void> {
    const began = await this.now();
    this.running = this.run(began);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.stream?.close();
    await this.running;
  }

  /** How long the last change took to come here; while it cannot be read, for how long. In milliseconds. */
  lagMs(nowMs = Date.now()): number {
    return this.failingSinceMs === undefined ? this.lastDelayMs : nowMs - this.failingSinceMs;
  }

  /** What comes after all that a majority has by now: certain before the stream itself is open. */
  private async now(): Promise<mongo.Timestamp> {
    const { operationTime } = await database(this.connection).command({
      find: 'notifications',
      filter: { _id: '' },
      limit: 1,
      singleBatch: true,
      readConcern: { level: 'majority' },
    });
    const { high, low } = operationTime as mongo.Timestamp;
    return new mongo.Timestamp({ t: high >>> 0, i: (low >>> 0) + 1 });
  }

  private async run(began: mongo.Timestamp): Promise<void> {
    let place: mongo.ChangeStreamOptions | undefined = { startAtOperationTime: began };
    let failures = 0;
    while (!this.closing.signal.aborted) {
      try {
        if (place === undefined) {
          place = { startAtOperationTime: await this.now() };
          // Now, as from here on nothing is missed.
          this.listener.onGap();
        }
        await this.follow(place, () => (failures = 0));
      } catch (error) {
        if (this.closing.signal.aborted) return;
        failures += 1;
        this.failingSinceMs ??= Date.now();
        this.options.onFailure?.(error);
        if (isLost(error) || (failures >= SAME_PLACE && !isNetwork(error))) {
          this.token = undefined;
          place = undefined;
        } else if (this.token !== undefined) place = { resumeAfter: this.token };
        await this.rest(failures);
      }
    }
  }

  /** Reads until it fails or is closed. */
  private async follow(place: mongo.ChangeStreamOptions, onRead: () => void): Promise<void> {
    const stream = database(this.connection).watch(this.options.pipeline, place);
    this.stream = stream;
    stream.on('resumeTokenChanged', (token: mongo.ResumeToken) => {
      this.token = token;
      this.failingSinceMs = undefined;
      onRead();
    });
    try {
      while (!this.closing.signal.aborted) {
        const change = await stream.next();
        this.lastDelayMs = delayOf(change);
        this.listener.onChange(change);
      }
    } finally {
      await stream.close();
    }
  }

  private async rest(failures: number): Promise<void> {
    const { retryMs = [100, 500, 1000, 2000, 5000] } = this.options;
    const ms = retryMs[Math.min(failures, retryMs.length) - 1] ?? 1000;
    await pause(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}

function database(connection: Connection): mongo.Db {
  // Away or not, the driver says so itself when it is asked.
  return connection.db ?? connection.getClient().db(connection.name);
}

function delayOf({ wallTime }: mongo.ChangeStreamDocument & { wallTime?: Date }): number {
  return wallTime === undefined ? 0 : Math.max(0, Date.now() - wallTime.getTime());
}

function isLost(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return 'code' in error && LOST_CODES.includes(error.code);
}

function isNetwork(error: unknown): boolean {
  return (
    error instanceof Error &&
    /Network|ServerSelection|NotConnected|PoolCleared|TopologyClosed/.test(error.name)
  );
}
