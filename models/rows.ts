import type { Model, mongo } from 'mongoose';

/** A collection as the driver has it. */
export type Rows<Row extends { _id: string }> = mongo.Collection<Row>;

/**
 * The collection behind a model, for the few calls that every notification makes. Mongoose's casting and its documents
 * cost more there than the query does, and what is written is of our own making, checked by the compiler.
 */
export function rowsOf<Row extends { _id: string }>(model: Model<Row>): Rows<Row> {
  return model.collection as unknown as Rows<Row>;
}
