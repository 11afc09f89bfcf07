import { isDuplicateKey } from './row-id.js';

/** The row as it is stored now, and whether that is by this call. */
export interface InsertedOnce<Row> {
  row: Row;
  inserted: boolean;
}

/**
 * Stores a row unless its key is taken: then the one that has it is answered, as it stands.
 * @param insert stores it; a key that is taken makes it fail.
 * @param find what is stored under that key.
 * @throws what `insert` throws in any other case.
 */
export async function insertOnce<Row>(
  row: Row,
  insert: (row: Row) => Promise<unknown>,
  find: () => Promise<Row | null | undefined>,
): Promise<InsertedOnce<Row>> {
  try {
    await insert(row);
    return { row, inserted: true };
  } catch (error) {
    const stored = isDuplicateKey(error) ? await find() : undefined;
    if (!stored) throw error;
    return { row: stored, inserted: false };
  }
}
