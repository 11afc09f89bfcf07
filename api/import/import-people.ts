import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import { subscriberCreate, type SubscriberFields } from '../../contracts/subscribers.js';
import { parsePart } from '../middleware/parse.js';
import type { BadRow, Row } from './rows.js';

/** Rows are written when there are this many, or when their text is this long, in characters. */
const BATCH_ROWS = 500;
const BATCH_SIZE = 4 * 1024 * 1024;
/** Errors beyond these are counted and not told. */
const MAX_ERRORS = 1000;

export interface NewPerson {
  id: string;
  fields: SubscriberFields;
}

/** What became of an upload's rows. One that is rejected may have several errors. */
export interface ImportReport {
  imported: number;
  updated: number;
  rejected: number;
  errors: ({ line: number } & ErrorItem)[];
  errorsTruncated?: true;
}

/** Checks rows and writes the good ones in batches; the next are read when those are written. */
export async function importPeople(
  rows: AsyncIterable<Row | BadRow>,
  write: (people: readonly NewPerson[]) => Promise<{ inserted: number; changed: number }>,
): Promise<ImportReport> {
  const report: ImportReport = { imported: 0, updated: 0, rejected: 0, errors: [] };
  let batch: NewPerson[] = [];
  let size = 0;
  const flush = async () => {
    const { inserted, changed } = await write(batch);
    report.imported += inserted;
    report.updated += changed;
    batch = [];
    size = 0;
  };
  for await (const row of rows) {
    const checked = 'problem' in row ? { errors: [row.problem] } : check(row);
    if ('errors' in checked) {
      reject(report, row.line, checked.errors);
      continue;
    }
    batch.push(checked.person);
    size += checked.size;
    if (batch.length >= BATCH_ROWS || size >= BATCH_SIZE) await flush();
  }
  if (batch.length > 0) await flush();
  return report;
}

function check({ value, size }: Row): { person: NewPerson; size: number } | { errors: readonly ErrorItem[] } {
  try {
    const { id, ...fields } = parsePart(subscriberCreate, value);
    return { person: { id, fields }, size };
  } catch (error) {
    if (!(error instanceof CarillonError) || !error.errors) throw error;
    return { errors: error.errors.map((item) => (item.path === 'body' ? { ...item, path: 'row' } : item)) };
  }
}

function reject(report: ImportReport, line: number, errors: readonly ErrorItem[]): void {
  report.rejected += 1;
  const room = MAX_ERRORS - report.errors.length;
  report.errors.push(...errors.slice(0, room).map((error) => ({ line, ...error })));
  if (errors.length > room) report.errorsTruncated = true;
}
