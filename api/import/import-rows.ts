import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import type { z } from 'zod';
import { parsePart } from '../../contracts/parse.js';
import type { BadRow, Row } from './rows.js';

/** Rows are written when there are this many, or when their text is this long, in characters. */
const BATCH_ROWS = 500;
const BATCH_SIZE = 4 * 1024 * 1024;
/** Errors beyond these are counted and not told. */
const MAX_ERRORS = 1000;

/** What became of an upload's rows. One that is rejected may have several errors. */
export interface RowReport {
  rejected: number;
  errors: ({ line: number } & ErrorItem)[];
  errorsTruncated?: true;
}

/**
 * Checks rows by a schema and writes the good ones in batches; the next are read when those are written.
 * @param finish what is done to a row that is of its schema; a CarillonError with paths rejects it.
 */
export async function importRows<S extends z.ZodType>(
  rows: AsyncIterable<Row | BadRow>,
  schema: S,
  write: (items: readonly z.output<S>[]) => Promise<void>,
  finish?: (item: z.output<S>) => Promise<z.output<S>>,
): Promise<RowReport> {
  const report: RowReport = { rejected: 0, errors: [] };
  let batch: z.output<S>[] = [];
  let size = 0;
  const flush = async () => {
    await write(batch);
    batch = [];
    size = 0;
  };
  for await (const row of rows) {
    const checked = 'problem' in row ? { errors: [row.problem] } : await check(schema, row.value, finish);
    if ('errors' in checked) {
      reject(report, row.line, checked.errors);
      continue;
    }
    batch.push(checked.item);
    size += 'size' in row ? row.size : 0;
    if (batch.length >= BATCH_ROWS || size >= BATCH_SIZE) await flush();
  }
  if (batch.length > 0) await flush();
  return report;
}

async function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
  finish?: (item: z.output<S>) => Promise<z.output<S>>,
): Promise<{ item: z.output<S> } | { errors: readonly ErrorItem[] }> {
  try {
    const item = parsePart(schema, value);
    return { item: finish ? await finish(item) : item };
  } catch (error) {
    if (!(error instanceof CarillonError) || !error.errors) throw error;
    return { errors: error.errors.map((item) => (item.path === 'body' ? { ...item, path: 'row' } : item)) };
  }
}

function reject(report: RowReport, line: number, errors: readonly ErrorItem[]): void {
  report.rejected += 1;
  const room = MAX_ERRORS - report.errors.length;
  report.errors.push(...errors.slice(0, room).map((error) => ({ line, ...error })));
  if (errors.length > room) report.errorsTruncated = true;
}
