import type { Connection } from 'mongoose';

/** Indexes of the database that are not as this version has them, as `collection: name or keys`. */
export interface IndexChanges {
  missing: string[];
  /** Of an earlier version, or made by hand: they cost writes, and nobody reads them. */
  obsolete: string[];
}

/** Compares, and changes nothing. `createModels` must have been called with the connection. */
export async function indexChanges(connection: Connection): Promise<IndexChanges> {
  const changes: IndexChanges = { missing: [], obsolete: [] };
  for (const model of Object.values(connection.models)) {
    const name = model.collection.collectionName;
    const { toCreate, toDrop } = await model.diffIndexes();
    changes.missing.push(...toCreate.map((keys: unknown) => `${name}: ${JSON.stringify(keys)}`));
    changes.obsolete.push(...toDrop.map((index: unknown) => `${name}: ${String(index)}`));
  }
  return changes;
}

/** Drops what {@link indexChanges} calls obsolete, and answers how many those were. */
export async function dropObsoleteIndexes(connection: Connection): Promise<number> {
  let dropped = 0;
  for (const model of Object.values(connection.models)) dropped += (await model.cleanIndexes()).length;
  return dropped;
}
