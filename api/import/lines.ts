import { isUtf8 } from 'node:buffer';

/** Longest line of an upload, in bytes. */
export const MAX_LINE_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

export interface TextLine {
  /** The first line is 1. */
  number: number;
  text: string;
}
/** A line that cannot be read; what follows it can. */
export interface BadLine {
  number: number;
  problem: string;
}
export type Line = TextLine | BadLine;

/** The lines of a body as it comes, ended by LF or CR LF. Holds no more than one line, and of a longer one nothing. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line, void> {
  const held = new HeldLine();
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      held.add(chunk.subarray(start, end));
      yield held.take();
      start = end + 1;
    }
    held.add(chunk.subarray(start));
  }
  if (!held.isEmpty) yield held.take();
}

/** A line of which more may come. */
class HeldLine {
  private number = 1;
  private parts: Buffer[] = [];
  private bytes = 0;

  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  add(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes > MAX_LINE_BYTES) this.parts = [];
    else this.parts.push(part);
  }

  take(): Line {
    const line = this.read();
    this.number += 1;
    this.parts = [];
    this.bytes = 0;
    return line;
  }

  private read(): Line {
    const { number } = this;
    if (this.bytes > MAX_LINE_BYTES) {
      return { number, problem: `is longer than ${MAX_LINE_BYTES / 1024} KiB` };
    }
    const bytes = Buffer.concat(this.parts);
    if (!isUtf8(bytes)) return { number, problem: 'is not UTF-8' };
    const text = bytes.toString().replace(/\r$/, '');
    // Spreadsheets put a byte order mark before the first line.
    return { number, text: number === 1 ? text.replace(/^\ufeff/, '') : text };
  }
}
