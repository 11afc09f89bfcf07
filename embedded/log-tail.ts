import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 6000;
const TAIL_LINES = 12;

/** The last lines of a log as the end of an error message, or nothing when there is no log. */
export function logTail(path: string): string {
  const text = readEnd(path);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return ` Its log is ${path}.`;
  const shown = lines.slice(-TAIL_LINES).map((line) => `  | ${line.slice(0, 300)}`);
  return ` The end of ${path}:\n${shown.join('\n')}`;
}

function readEnd(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(TAIL_BYTES, size));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(file);
  }
}
