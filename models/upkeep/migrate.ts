import type { Connection } from 'mongoose';
import type { Leases } from '../leases.js';
import { databaseOf } from '../database.js';
import { migrations, type Migration } from './migrations.js';

/** What is applied, one document for each: `_id` is its ID. */
const COLLECTION = 'migrations';
const LEASE = 'upkeep/migrate';
const LEASE_MS = 60_000;

/** Somebody else migrates this database at the moment. */
export class MigrationRuns extends Error {
  override readonly name = 'MigrationRuns';
}

export interface MigrateOptions {
  leases: Leases;
  /** Who does it: the process's name for the lease. */
  holder: string;
  onProgress: (migration: string, documents: number) => void;
}

/** IDs of what the data has behind it, sorted. */
export async function appliedMigrations(connection: Connection): Promise<string[]> {
  const rows = await databaseOf(connection)
    .collection<{ _id: string }>(COLLECTION)
    .find()
    .sort({ _id: 1 })
    .toArray();
  return rows.map(({ _id }) => _id);
}

/** Those that it has still to get. */
export async function pendingMigrations(connection: Connection, all = migrations): Promise<Migration[]> {
  const applied = new Set(await appliedMigrations(connection));
  return all.filter(({ id }) => !applied.has(id));
}

/**
 * Applies what is pending, one after the other, and answers their IDs. One that fails is tried again the next time;
 * those before it stay applied.
 * @throws {MigrationRuns}
 */
export async function migrate(
  connection: Connection,
  options: MigrateOptions,
  all = migrations,
): Promise<string[]> {
  const { leases, holder, onProgress } = options;
  if (!(await leases.acquire(LEASE, holder, LEASE_MS)))
    throw new MigrationRuns('another process migrates this database at the moment');
  const renewing = renewRegularly(leases, holder);
  try {
    const done: string[] = [];
    for (const migration of await pendingMigrations(connection, all)) {
      const startedAt = new Date();
      await migration.up(databaseOf(connection), (documents) => onProgress(migration.id, documents));
      renewing.check();
      await databaseOf(connection)
        .collection<{ _id: string; startedAt: Date; finishedAt: Date }>(COLLECTION)
        .updateOne(
          { _id: migration.id },
          { $setOnInsert: { startedAt, finishedAt: new Date() } },
          { upsert: true },
        );
      done.push(migration.id);
    }
    return done;
  } finally {
    renewing.end();
    await leases.release(LEASE, holder);
  }
}

/** Holds the lease for as long as it takes. */
function renewRegularly(leases: Leases, holder: string) {
  let failure: unknown;
  const renew = async () => {
    if (!(await leases.renew(LEASE, holder, LEASE_MS))) throw new MigrationRuns('another process took over');
  };
  const timer = setInterval(() => void renew().catch((error: unknown) => (failure = error)), LEASE_MS / 4);
  return {
    /** @throws what a renewal failed with. */
    check() {
      if (failure !== undefined) throw failure as Error;
    },
    end: () => clearInterval(timer),
  };
}
