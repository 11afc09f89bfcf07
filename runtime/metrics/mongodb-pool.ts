import type { Connection } from 'mongoose';
import type { Metrics } from './metrics.js';

/** Watches the pool of a connection to MongoDB: how many connections are open, in use, and waited for. */
export function watchPool(connection: Connection, metrics: Metrics): void {
  const pool = { open: 0, inUse: 0, waitedFor: 0 };
  let watched: unknown;
  const watch = () => {
    // Absent before the first attempt to connect; another one after an attempt that failed.
    const client = connection.getClient() as ReturnType<Connection['getClient']> | undefined;
    if (!client || client === watched) return;
    watched = client;
    Object.assign(pool, { open: 0, inUse: 0, waitedFor: 0 });
    client.on('connectionCreated', () => (pool.open += 1));
    client.on('connectionClosed', () => (pool.open -= 1));
    client.on('connectionCheckOutStarted', () => (pool.waitedFor += 1));
    client.on('connectionCheckOutFailed', () => {
      pool.waitedFor -= 1;
      metrics.count('carillon_mongodb_checkout_failures_total', {});
    });
    client.on('connectionCheckedOut', () => {
      pool.waitedFor -= 1;
      pool.inUse += 1;
    });
    client.on('connectionCheckedIn', () => (pool.inUse -= 1));
  };
  watch();
  connection.on('connecting', () => setImmediate(watch));
  metrics.observe('carillon_mongodb_connections', () => [
    { labels: { state: 'open' }, value: pool.open },
    { labels: { state: 'in_use' }, value: pool.inUse },
    { labels: { state: 'waited_for' }, value: pool.waitedFor },
  ]);
}
