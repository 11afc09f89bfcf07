import mongoose, { type Connection } from 'mongoose';

mongoose.set('strictQuery', 'throw');
mongoose.set('sanitizeFilter', false);

/**
 * A connection of its own (no mongoose singleton). Commands are not buffered: while the server is away they fail within
 * `serverSelectionTimeoutMS`, so that callers can answer `unavailable`.
 */
export function openMongo(uri: string, options: { name: string; poolSize?: number }): Connection {
  const connection = mongoose.createConnection(uri, {
    appName: options.name,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    maxPoolSize: options.poolSize ?? 50,
    serverSelectionTimeoutMS: 2500,
    socketTimeoutMS: 20_000,
    retryWrites: true,
    // As mongoose does it: what is undefined is not stored.
    ignoreUndefined: true,
    writeConcern: { w: 'majority', wtimeoutMS: 10_000 },
  });
  // The initial connection's failure is awaited by whoever starts the process; here it must not crash it.
  connection.on('error', () => undefined);
  return connection;
}
