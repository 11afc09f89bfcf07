import type { mongo } from 'mongoose';

/** A change of what is stored, from one version to the next. */
export interface Migration {
  /** `2027-01-what-changes`: sorted, applied once, and never renamed. */
  id: string;
  /**
   * Makes the change. It may have been cut off before, so what is done already is left alone; and processes of the
   * version before go on meanwhile, so it leaves what they read.
   * @param onProgress told how many documents are done, now and then.
   */
  up(database: mongo.Db, onProgress: (documents: number) => void): Promise<void>;
}

/** All of them, oldest first. Data of 0.1.0, the first version, has none behind it. */
export const migrations: readonly Migration[] = [];
