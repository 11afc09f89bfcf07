import mongoose, { type Connection, type mongo } from 'mongoose';
import {
  BackupError,
  checkCollection,
  readCollection,
  readManifest,
  type BackupManifest,
} from './backup-files.js';
import { databaseOf } from '../database.js';
import { collectionNames } from './backup.js';
import { migrations } from './migrations.js';

const { EJSON } = mongoose.mongo.BSON;

const BATCH = 500;

export interface RestoreOptions {
  /** Drops what the database holds. Without it only an empty one is written to. */
  replace: boolean;
  onProgress: (documents: number, total: number) => void;
}

/**
 * Writes a backup into the database. Every file is checked before the first document is written. Indexes are not part
 * of a backup: they are built afterwards.
 * @throws {BackupError} for files that are not as they were written, for a database that has documents, and for a
 * backup of a newer version, whose data this one does not know.
 */
export async function restore(
  connection: Connection,
  folder: string,
  options: RestoreOptions,
): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  const unknown = manifest.migrations.filter((id) => !migrations.some((known) => known.id === id));
  if (unknown.length > 0)
    throw new BackupError(`it is of a newer version (${manifest.version}): restore it with that one`);
  for (const entry of manifest.collections) await checkCollection(folder, entry);
  const database = databaseOf(connection);
  await empty(database, options.replace);

  const total = manifest.collections.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  for (const { name, count } of manifest.collections) {
    const collection = database.collection(name);
    let batch: mongo.Document[] = [];
    let written = 0;
    const write = async () => {
      if (batch.length > 0) await collection.insertMany(batch, { ordered: false });
      written += batch.length;
      done += batch.length;
      options.onProgress(done, total);
      batch = [];
    };
    for await (const line of readCollection(folder, name)) {
      batch.push(EJSON.parse(line, { relaxed: false }) as mongo.Document);
      if (batch.length === BATCH) await write();
    }
    await write();
    if (written !== count)
      throw new BackupError(`${name} has ${written} documents, and should have ${count}`);
  }
  return manifest;
}

/** @throws {BackupError} where there is something that is not to be replaced. */
async function empty(database: mongo.Db, replace: boolean): Promise<void> {
  const names = await collectionNames(database);
  if (!replace) {
    for (const name of names) {
      if (await database.collection(name).findOne({}, { projection: { _id: 1 } }))
        throw new BackupError(
          `the database "${database.databaseName}" is not empty (${name}): say --replace to drop what it holds`,
        );
    }
  }
  await database.dropDatabase();
}
