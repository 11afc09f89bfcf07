import mongoose, { type Connection, type mongo } from 'mongoose';
import { databaseOf } from './database.js';

const { EJSON } = mongoose.mongo.BSON;

/** `InvalidResumeToken`, `ChangeStreamFatalError`, `ChangeStreamHistoryLost`: the oplog has nothing where it was. */
const LOST_CODES: readonly unknown[] = [260, 280, 286];
const AWAIT_MS = 1_000;

/** Where a change log begins: behind a token, or at a time of the database's. */
export type ChangeLogPlace = { token: string } | { at: mongo.Timestamp };

/** Changes that were read together, and the token to go on from behind them. */
export interface ChangeBatch {
  changes: mongo.ChangeStreamDocument[];
  token: string | undefined;
}

/**
 * The changes of a database as a majority has committed them, in batches, from a place that outlives the process. What
 * fails is told to the caller, who opens another one where the last batch ended.
 */
export class ChangeLog {
  private readonly stream: mongo.ChangeStream;

  constructor(connection: Connection, pipeline: mongo.Document[], place: ChangeLogPlace, batchSize: number) {
    const from =
      'token' in place
        ? { resumeAfter: EJSON.parse(place.token) as mongo.ResumeToken }
        : { startAtOperationTime: place.at };
    this.stream = databaseOf(connection).watch(pipeline, { ...from, batchSize, maxAwaitTimeMS: AWAIT_MS });
  }

  /** What is there; waits a second at most where nothing is. @throws what the driver throws. */
  async next(limit: number): Promise<ChangeBatch> {
    const changes: mongo.ChangeStreamDocument[] = [];
    const first = await this.stream.tryNext();
    if (first) changes.push(first);
    while (changes.length > 0 && changes.length < limit && this.buffered() > 0) {
      const next = await this.stream.tryNext();
      if (!next) break;
      changes.push(next);
    }
    const token = changes.at(-1)?._id ?? this.stream.resumeToken;
    return { changes, token: token ? EJSON.stringify(token) : undefined };
  }

  async close(): Promise<void> {
    await this.stream.close();
  }

  /** Read from the server already. The driver keeps its cursor to itself; without it, batches are of one. */
  private buffered(): number {
    return (this.stream as unknown as { cursor?: { bufferedCount(): number } }).cursor?.bufferedCount() ?? 0;
  }
}

/** The database's time: whatever is written after this has resolved comes behind it. */
export async function operationTime(connection: Connection): Promise<mongo.Timestamp> {
  const answer = (await databaseOf(connection).command({ ping: 1 })) as { operationTime?: mongo.Timestamp };
  if (!answer.operationTime) throw new Error('MongoDB is no replica set: it has no change streams');
  return answer.operationTime;
}

/** True where going on from a token is of no use any more. */
export function isHistoryLost(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && LOST_CODES.includes(error.code);
}

/** True where the server was there and refused. */
export function isRefusal(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError;
}
