import { z } from 'zod';
import { invalid } from '../contracts/errors.js';

/** The last instant that a Date can hold (ECMA-262, "Time Values and Time Range"). */
const LAST_MS = 8.64e15;
const position = z.tuple([z.number().int().min(0).max(LAST_MS), z.string().min(1).max(400)]);
const idPosition = z.tuple([z.string().min(1).max(400)]);

/** Where a page ended: the time and ID of its last row. */
export interface Position {
  at: Date;
  id: string;
}

/** An opaque cursor for {@link readCursor}. */
export function writeCursor(last: Position): string {
  return Buffer.from(JSON.stringify([last.at.getTime(), last.id])).toString('base64url');
}

/** @throws CarillonError `validation_failed` at `cursor` for anything that {@link writeCursor} did not make. */
export function readCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [at, id] = decode(cursor, position);
  return { at: new Date(at), id };
}

/** An opaque cursor for {@link readIdCursor}: the last ID of a page that is ordered by ID. */
export function writeIdCursor(id: string): string {
  return Buffer.from(JSON.stringify([id])).toString('base64url');
}

/** @throws CarillonError `validation_failed` at `cursor` for anything that {@link writeIdCursor} did not make. */
export function readIdCursor(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : decode(cursor, idPosition)[0];
}

function decode<S extends z.ZodType>(cursor: string, schema: S): z.output<S> {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('cursor', 'was not made by this API');
    throw error;
  }
  const parsed = schema.safeParse(decoded);
  if (!parsed.success) throw invalid('cursor', 'was not made by this API');
  return parsed.data;
}

/** The filter for rows after `position` in descending order of `field`, then `_id`. */
export function after(field: string, position: Position | undefined): Record<string, unknown> {
  if (!position) return {};
  return {
    [field]: { $lte: position.at },
    $or: [{ [field]: { $lt: position.at } }, { _id: { $lt: position.id } }],
  };
}

/** Cuts one row more than asked for into a page. */
export function page<Row extends { _id: string }, Item>(
  rows: Row[],
  limit: number,
  timeOf: (row: Row) => Date,
  show: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined ? writeCursor({ at: timeOf(last), id: last._id }) : null;
  return { items: shown.map(show), nextCursor };
}

/** Cuts one more than asked for into a page that goes on by ID. */
export function pageById<Item>(
  found: readonly Item[],
  limit: number,
  idOf: (item: Item) => string,
): { items: Item[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = found.length > limit && last !== undefined ? writeIdCursor(idOf(last)) : null;
  return { items, nextCursor };
}
