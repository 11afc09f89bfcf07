import { CarillonError, invalid } from '../../contracts/errors.js';
import { ATTRIBUTE_NAME } from '../../contracts/subscribers.js';
import { csvRecords, type CsvRecord } from './csv-records.js';
import type { Line } from './lines.js';
import { badRow, type BadRow, type Row } from './rows.js';

const ATTRIBUTE = new RegExp(`^attributes\\.(${ATTRIBUTE_NAME})$`);
const plainColumns = [
  'id',
  'email',
  'phone',
  'locale',
  'timezone',
  'roles',
  'slackUserId',
  'teamsUserId',
  'webhookUrl',
];

/**
 * Rows of a CSV file whose first line names the columns, as objects of the same shape as JSON's. An empty cell names
 * nothing.
 * @throws CarillonError `validation_failed`, before any row, for a column that is not known, or none called `id`.
 */
export async function* csvRows(lines: AsyncIterable<Line>): AsyncGenerator<Row | BadRow, void> {
  let columns: string[] | undefined;
  for await (const record of csvRecords(lines)) {
    if (!columns) columns = readHeader(record);
    else yield 'problem' in record ? record : toRow(columns, record);
  }
  if (!columns) throw invalid('body', 'is empty: the first line names the columns');
}

function readHeader(record: CsvRecord | BadRow): string[] {
  if ('problem' in record) throw invalid('header', record.problem.message);
  const columns = record.cells;
  const unknown = columns.filter((name) => !plainColumns.includes(name) && !ATTRIBUTE.test(name));
  const [first] = unknown;
  if (first !== undefined) {
    const known = `a column is one of ${plainColumns.join(', ')} and attributes.<name>`;
    throw new CarillonError(
      'validation_failed',
      `"${short(first)}" is not a known column: ${known}`,
      unknown.slice(0, 50).map((name) => ({ path: short(name), message: `is not a known column: ${known}` })),
    );
  }
  const repeated = columns.find((name, at) => columns.indexOf(name) !== at);
  if (repeated !== undefined) throw invalid(repeated, 'is the name of two columns');
  if (!columns.includes('id')) throw invalid('id', 'is missing: one of the columns must be called id');
  return columns;
}

function short(name: string): string {
  return name.slice(0, 100);
}

function toRow(columns: readonly string[], { line, size, cells }: CsvRecord): Row | BadRow {
  if (cells.length !== columns.length) {
    return badRow(line, `has ${cells.length} cells where the header has ${columns.length}`);
  }
  const person: Record<string, unknown> = {};
  const attributes: Record<string, unknown> = {};
  for (const [at, name] of columns.entries()) {
    const cell = cells[at];
    if (cell === undefined || cell === '') continue;
    const [, attribute] = ATTRIBUTE.exec(name) ?? [];
    if (attribute !== undefined) attributes[attribute] = attributeValue(cell);
    else person[name] = name === 'roles' ? listed(cell) : cell;
  }
  if (Object.keys(attributes).length > 0) person.attributes = attributes;
  return { line, size, value: person };
}

function listed(cell: string): string[] {
  return cell
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** As JSON writes numbers: what begins with a zero, or has more digits than a number keeps, is a code. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function attributeValue(cell: string): string | number | boolean {
  if (cell === 'true' || cell === 'false') return cell === 'true';
  if (!NUMBER.test(cell)) return cell;
  const number = Number(cell);
  const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isExact ? number : cell;
}
