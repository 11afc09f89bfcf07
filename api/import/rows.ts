import type { ErrorItem } from '../../contracts/errors.js';

/** A row of an upload, not yet checked. */
export interface Row {
  /** Where it begins; the first line is 1. */
  line: number;
  /** How long its text is, in characters. */
  size: number;
  value: unknown;
}
/** A row that could not be read at all. */
export interface BadRow {
  line: number;
  problem: ErrorItem;
}

/** A row that is wrong as a whole. */
export function badRow(line: number, message: string): BadRow {
  return { line, problem: { path: 'row', message } };
}
