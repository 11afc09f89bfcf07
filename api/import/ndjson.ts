import type { Line, TextLine } from './lines.js';
import { badRow, type BadRow, type Row } from './rows.js';

/** Rows of newline-delimited JSON: one value per line; blank lines are passed over. */
export async function* ndjsonRows(lines: AsyncIterable<Line>): AsyncGenerator<Row | BadRow, void> {
  for await (const line of lines) {
    if ('problem' in line) yield badRow(line.number, line.problem);
    else if (line.text.trim() !== '') yield parse(line);
  }
}

function parse({ number, text }: TextLine): Row | BadRow {
  try {
    return { line: number, size: text.length, value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return badRow(number, 'is not valid JSON');
    throw error;
  }
}
