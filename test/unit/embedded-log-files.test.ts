import {
  appendFileSync,
  closeSync,
  existsSync,
  readFileSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { LineLog, openLog } from '../../embedded/log-file.js';
import { logTail } from '../../embedded/log-tail.js';
import { temporaryFolder } from '../support/processes.js';

const LIMIT_BYTES = 20 * 1024 * 1024;

let path: string;
let lines: string[];

beforeEach(() => {
  path = join(temporaryFolder(), 'logs', 'worker.log');
  lines = [];
});

const lineLog = () => new LineLog(path, (line) => lines.push(line));
const content = () => readFileSync(path, 'utf8');

/** Adds to the log as a child does that writes by itself. */
function append(text: string): void {
  const file = openLog(path);
  writeSync(file, text);
  closeSync(file);
}

describe('a log', () => {
  it('goes on where it ended', () => {
    append('before\n');
    append('after\n');
    expect(content()).toBe('before\nafter\n');
  });

  it('is readable by its owner only', () => {
    append('a line\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is set aside at the next start when it has grown too large', () => {
    append('');
    truncateSync(path, LIMIT_BYTES + 1);
    append('after\n');
    expect(content()).toBe('after\n');
    expect(statSync(`${path}.1`).size).toBe(LIMIT_BYTES + 1);
  });

  it('of just the largest size stays', () => {
    append('');
    truncateSync(path, LIMIT_BYTES);
    append('after\n');
    expect(existsSync(`${path}.1`)).toBe(false);
  });
});

describe('a log that is fed line by line', () => {
  it('has every byte in the file', () => {
    const log = lineLog();
    log.write(Buffer.from('one\ntw'));
    log.write(Buffer.from('o\nrest'));
    log.close();
    expect(content()).toBe('one\ntwo\nrest');
  });

  it('tells lines when they are whole, however they came', () => {
    const log = lineLog();
    log.write(Buffer.from('one\ntw'));
    expect(lines).toEqual(['one']);
    log.write(Buffer.from('o\nthree\n'));
    expect(lines).toEqual(['one', 'two', 'three']);
    log.close();
  });

  it('does not break a letter whose bytes came apart', () => {
    const bytes = Buffer.from('bien reçu\n');
    const log = lineLog();
    for (const byte of bytes) log.write(Buffer.from([byte]));
    log.close();
    expect(lines).toEqual(['bien reçu']);
  });

  it('tells at the end what had no line break: the last words before a crash', () => {
    const log = lineLog();
    log.write(Buffer.from('one\nout of memory'));
    log.close();
    expect(lines).toEqual(['one', 'out of memory']);
  });

  it('is set aside while it is written, and no line is lost over that', () => {
    append('');
    truncateSync(path, LIMIT_BYTES - 2);
    const log = lineLog();
    log.write(Buffer.from('one\n'));
    log.write(Buffer.from('two\n'));
    log.close();
    expect(readFileSync(`${path}.1`, 'utf8').endsWith('one\n')).toBe(true);
    expect(content()).toBe('two\n');
    expect(lines).toEqual(['one', 'two']);
  });
});

describe('the end of a log in a message', () => {
  it('is only its place when there is no log', () => {
    expect(logTail(path)).toBe(` Its log is ${path}.`);
  });

  it('is only its place when there is nothing in it', () => {
    append('\n  \n');
    expect(logTail(path)).toBe(` Its log is ${path}.`);
  });

  it('is its last twelve lines', () => {
    append(Array.from({ length: 30 }, (_each, number) => `line ${number + 1}\n`).join('\n'));
    expect(logTail(path).match(/line \d+/g)).toEqual(
      Array.from({ length: 12 }, (_each, number) => `line ${number + 19}`),
    );
  });

  it('is cut where a line is endless', () => {
    append(`${'x'.repeat(5000)}\n`);
    expect(logTail(path).split('\n')[1]).toBe(`  | ${'x'.repeat(300)}`);
  });

  it('is found quickly in a log of any size', () => {
    append('');
    truncateSync(path, 2_000_000_000);
    appendFileSync(path, '\nthe last words\n');
    expect(logTail(path)).toMatch(/\n {2}\| the last words$/);
  });

  it('is the whole log when that is short', () => {
    append('a\nb\n');
    expect(logTail(path)).toMatch(/:\n {2}\| a\n {2}\| b$/);
  });
});
