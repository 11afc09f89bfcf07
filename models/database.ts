import type { Connection, mongo } from 'mongoose';

/** The database behind a connection. Away or not, the driver says so itself when it is asked. */
export function databaseOf(connection: Connection): mongo.Db {
  return connection.db ?? connection.getClient().db(connection.name);
}
