import { setTimeout as pause } from 'node:timers/promises';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';

/** Between two attempts to reach a server that has not been there yet, in milliseconds. */
const RETRY_MS = 500;

mongoose.set('strictQuery', 'throw');
mongoose.set('sanitizeFilter', false);

/**
 * A connection of its own (no mongoose singleton). Commands are not buffered: while the server is away they fail within
 * `serverSelectionTimeoutMS`, so that callers can answer `unavailable`.
 */
export function openMongo(uri: string, options: { name: string; poolSize?: number }): Connection {
  const connection = mongoose.createConnection(uri, connectOptions(options));
  // The initial connection's failure is awaited by whoever starts the process; here it must not crash it.
  connection.on('error', () => undefined);
  void keepTrying(connection, () => connection.openUri(uri, connectOptions(options)));
  return connection;
}

/** Anew for each attempt, which changes them. */
function connectOptions({ name, poolSize = 50 }: { name: string; poolSize?: number }): ConnectOptions {
  return {
    appName: name,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    maxPoolSize: poolSize,
    serverSelectionTimeoutMS: 2500,
    socketTimeoutMS: 20_000,
    retryWrites: true,
    // As mongoose does it: what is undefined is not stored.
    ignoreUndefined: true,
    writeConcern: { w: 'majority', wtimeoutMS: 10_000 },
  };
}

/**
 * A server that was once there is found again by the driver itself. One that was not when the process started, or not
 * within that time on a busy machine, is looked for until it is there or the connection is closed.
 */
async function keepTrying(connection: Connection, connect: () => Promise<unknown>): Promise<void> {
  let isClosed = false;
  connection.once('close', () => (isClosed = true));
  let attempt: Promise<unknown> = connection.asPromise();
  for (;;) {
    const isThere = await attempt.then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await pause(RETRY_MS, undefined, { ref: false });
    if (isClosed) return;
    attempt = connect();
  }
}
