import { mkdir, readdir } from 'node:fs/promises';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { databaseOf } from '../database.js';
import { BackupError, writeCollection, writeManifest, type BackupManifest } from './backup-files.js';
import { appliedMigrations } from './migrate.js';

const { EJSON } = mongoose.mongo.BSON;

/**
 * What a process of this moment holds, or counts for a moment: it means nothing in another database. How far readers of
 * changes are is told in the oplog of the old one.
 */
const passing = ['leases', 'socketReports', 'sendLimits'];

const BATCH = 1_000;

export interface BackupOptions {
  /** Written into the manifest. */
  version: string;
  /** Reads everything as it was at one moment. MongoDB keeps that for five minutes, unless it is set otherwise. */
  snapshot: boolean;
  onProgress: (documents: number, total: number) => void;
}

/**
 * Writes every collection into a folder: gzipped NDJSON of canonical Extended JSON, and a manifest with counts and
 * checksums. What is sealed stays sealed: without the key ring a backup cannot be read.
 * @throws {BackupError} for a folder that has something in it, and for a snapshot that MongoDB did not keep that long.
 */
export async function backUp(
  connection: Connection,
  folder: string,
  options: BackupOptions,
): Promise<BackupManifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new BackupError(`${folder} is not empty: name another folder`);
  const database = databaseOf(connection);
  const names = await collectionNames(database);
  let total = 0;
  for (const name of names) total += await database.collection(name).estimatedDocumentCount();
  const session = options.snapshot ? connection.getClient().startSession({ snapshot: true }) : undefined;
  const takenAt = new Date();
  let done = 0;
  try {
    const collections = [];
    for (const name of names) {
      const documents = database
        .collection(name)
        .find({}, { session, batchSize: BATCH, promoteValues: false })
        .sort({ _id: 1 });
      collections.push(
        await writeCollection(
          folder,
          name,
          counted(documents, () => options.onProgress((done += 1), Math.max(total, done))),
        ),
      );
    }
    const migrations = await appliedMigrations(connection);
    const manifest = {
      format: 1 as const,
      version: options.version,
      migrations,
      takenAt: takenAt.toISOString(),
      collections,
    };
    await writeManifest(folder, manifest);
    return manifest;
  } catch (error) {
    if (!isSnapshotGone(error)) throw error;
    throw new BackupError(
      'it took longer than MongoDB keeps a moment: raise its minSnapshotHistoryWindowInSeconds, or use a snapshot of its disk',
      { cause: error },
    );
  } finally {
    await session?.endSession();
  }
}

/** Those of the database that a backup holds, by name. */
export async function collectionNames(database: mongo.Db): Promise<string[]> {
  const found = await database.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.') && !passing.includes(name))
    .sort();
}

async function* counted(documents: AsyncIterable<mongo.Document>, count: () => void): AsyncGenerator<string> {
  for await (const document of documents) {
    yield EJSON.stringify(document, { relaxed: false });
    count();
  }
}

/** `SnapshotTooOld`, `SnapshotUnavailable`. */
function isSnapshotGone(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 239 || code === 246;
}
