import { CsvError, parse } from 'csv-parse/sync';
import { MAX_LINE_BYTES, type Line, type TextLine } from './lines.js';
import { badRow, type BadRow } from './rows.js';

/** A value in quotes may hold line breaks; a record of more lines than this has a quote too many or too few. */
const MAX_LINES = 1000;

export interface CsvRecord {
  /** Where it begins; the first line is 1. */
  line: number;
  size: number;
  cells: string[];
}

/**
 * The records of a CSV file (RFC 4180, with commas). One that cannot be read is reported by the line where it begins,
 * and the next line is taken to begin another: a stray quote costs its own row and not the rest of the file.
 */
export async function* csvRecords(lines: AsyncIterable<Line>): AsyncGenerator<CsvRecord | BadRow, void> {
  const open = new OpenRecord();
  for await (const line of lines) {
    if ('problem' in line) {
      yield* open.settle(true);
      yield badRow(line.number, line.problem);
    } else {
      open.lines.push(line);
      yield* open.settle(false);
    }
  }
  yield* open.settle(true);
}

/** Lines that are not yet known to be whole records. */
class OpenRecord {
  readonly lines: TextLine[] = [];
  private looked = 0;
  private quotes = 0;
  private size = 0;

  /** Takes off what can be told; all of it when nothing more will come. */
  *settle(isEnd: boolean): Generator<CsvRecord | BadRow, void> {
    for (let [first] = this.lines; first !== undefined; [first] = this.lines) {
      const isWhole = this.look();
      if (isWhole) {
        const { looked, size } = this;
        const text = this.lines
          .slice(0, looked)
          .map((line) => line.text)
          .join('\n');
        const cells = text.trim() === '' ? [] : readCells(text);
        this.drop(cells === undefined ? 1 : looked);
        if (cells === undefined) yield badRow(first.number, 'has quotes that do not fit together');
        else if (cells.length > 0) yield { line: first.number, size, cells };
      } else if (isEnd || this.lines.length >= MAX_LINES || this.size > MAX_LINE_BYTES) {
        this.drop(1);
        yield badRow(first.number, 'has a quote that is not closed');
      } else return;
    }
  }

  /** Looks on until quotes are even: doubled ones inside a value are, too. */
  private look(): boolean {
    for (let line = this.lines[this.looked]; line !== undefined; line = this.lines[this.looked]) {
      this.looked += 1;
      this.size += line.text.length;
      this.quotes += line.text.split('"').length - 1;
      if (this.quotes % 2 === 0) return true;
    }
    return false;
  }

  private drop(count: number): void {
    this.lines.splice(0, count);
    this.looked = 0;
    this.quotes = 0;
    this.size = 0;
  }
}

function readCells(text: string): string[] | undefined {
  try {
    const records = parse(text, { recordDelimiter: '\n' });
    return records.length === 1 ? records[0] : undefined;
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}
