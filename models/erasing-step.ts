import type { Connection, mongo } from 'mongoose';
import type { ErasedPerson } from '../contracts/erasures.js';
import type { AddressVault } from './data-keys.js';

/** Rows that one batch of a step was about, at most. */
export const BATCH = 200;

/** Stands where a person's ID or address stood. */
export const ERASED = '(erased)';

/** What one batch did. */
export type Erased = { collection: string; removed?: number; blanked?: number }[];

/** Everything that a step needs. */
export interface Erasing {
  connection: Connection;
  vault: AddressVault;
  person: ErasedPerson;
}

/** Erases the next rows; done when it counts none. Each batch is harmless when repeated. */
export type ErasureStep = (erasing: Erasing) => Promise<Erased>;

/** Of any collection. */
export type Row = { _id: string } & mongo.Document;

/** A collection's rows as they are, whoever's model it is. */
export function rowsIn(connection: Connection, name: string): mongo.Collection<Row> {
  return connection.collection(name) as unknown as mongo.Collection<Row>;
}
