import type { mongo } from 'mongoose';
import { between } from './between.js';
import { after, page, readCursor } from './cursor.js';
import type { Rows } from './rows.js';

/** Which part of a list is wanted. */
export interface Part {
  /** Inclusive. */
  from?: Date | undefined;
  /** Exclusive. */
  to?: Date | undefined;
  limit: number;
  /** Where the page before ended. */
  cursor?: string | undefined;
}

/** What a list is narrowed to, the tenant first; what is undefined narrows nothing. */
type Where<Row> = { tenantId: string } & {
  [Field in (keyof Row & string) | `${string}.${string}`]?: unknown;
};

/** A row's fields that hold a time. */
type TimeIn<Row> = { [Field in keyof Row]: Row[Field] extends Date ? Field : never }[keyof Row] & string;

/**
 * A page of a list, the newest by `field` first. Every way of narrowing it that is offered needs an index that ends with
 * `field` and `_id`, both descending.
 *
 * @throws CarillonError `validation_failed` at `cursor`
 */
export async function newestPage<Row extends { _id: string }, Item>(
  rows: Rows<Row>,
  field: TimeIn<Row>,
  where: Where<Row>,
  { from, to, limit, cursor }: Part,
  show: (row: Row) => Item,
): Promise<{ items: Item[]; nextCursor: string | null }> {
  const given = Object.entries(where).filter(([, value]) => value !== undefined);
  const filter = {
    $and: [Object.fromEntries(given), between(field, from, to), after(field, readCursor(cursor))],
  } as mongo.Filter<Row>;
  const found = await rows
    .find(filter)
    .sort({ [field]: -1, _id: -1 })
    .limit(limit + 1)
    .toArray();
  return page(found as Row[], limit, (row) => row[field] as Date, show);
}
