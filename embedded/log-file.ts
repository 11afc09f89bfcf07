import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** A log larger than this is set aside as `.1` (one generation is kept), in bytes. */
const SET_ASIDE_BYTES = 20 * 1024 * 1024;

/** Opens a log for appending, for a child that writes to it by itself; an overgrown one is set aside first. */
export function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if (sizeOf(path) > SET_ASIDE_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** A log that is fed by us, line by line, and set aside whenever it has grown too large. */
export class LineLog {
  private descriptor: number;
  private size: number;
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  /** @param onLine is told every whole line, without its line break. */
  constructor(
    private readonly path: string,
    private readonly onLine: (line: string) => void,
  ) {
    this.descriptor = openLog(path);
    this.size = sizeOf(path);
  }

  write(chunk: Buffer): void {
    writeSync(this.descriptor, chunk);
    this.size += chunk.length;
    if (this.size > SET_ASIDE_BYTES) {
      closeSync(this.descriptor);
      this.descriptor = openLog(this.path);
      this.size = 0;
    }
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.onLine(line);
  }

  close(): void {
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
    closeSync(this.descriptor);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
