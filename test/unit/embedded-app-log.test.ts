import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppLog } from '../../embedded/app-log.js';

let said: string[];
let log: AppLog;

beforeEach(() => {
  said = [];
  log = new AppLog('Worker', 'worker ready', (line) => said.push(line));
});
afterEach(() => vi.useRealTimers());

const entry = (fields: object) => log.onLine(JSON.stringify(fields));

describe('the log of the API or the worker', () => {
  it('tells that the process is ready', () => {
    expect(log.isReady).toBe(false);
    entry({ level: 'info', msg: 'worker ready' });
    expect(log.isReady).toBe(true);
  });

  it('tells nothing of readiness where other words are in it', () => {
    entry({ level: 'info', msg: 'worker ready soon' });
    log.onLine('worker ready');
    expect(log.isReady).toBe(false);
  });

  it('never makes a process ready that has no word for it', () => {
    const api = new AppLog('API', undefined, (line) => said.push(line));
    api.onLine('{"level":"info","msg":"listening"}');
    expect(said).toEqual([]);
  });

  it.each(['trace', 'debug', 'info'])('keeps a line of level %s off the terminal', (level) => {
    entry({ level, msg: 'delivered' });
    expect(said).toEqual([]);
  });

  it.each(['warn', 'error', 'fatal'])('shows a line of level %s', (level) => {
    entry({ level, msg: 'a dependency is away' });
    expect(said).toEqual([`[Worker] ${level}: a dependency is away`]);
  });

  it('shows the first line of the reason', () => {
    entry({ level: 'error', msg: 'stopped by an error', err: { message: 'no route\n    at somewhere' } });
    expect(said).toEqual(['[Worker] error: stopped by an error (no route)']);
  });

  it('shows what is not JSON: what Node itself has to say', () => {
    log.onLine('Error: Cannot find module');
    expect(said).toEqual(['[Worker] Error: Cannot find module']);
  });

  it('shows a line that only begins like JSON', () => {
    log.onLine('{ code: 42 }');
    expect(said).toEqual(['[Worker] { code: 42 }']);
  });

  it.each(['', '   ', '    at start (main.js:1:1)'])('shows nothing of the line "%s"', (line) => {
    log.onLine(line);
    expect(said).toEqual([]);
  });

  it('cuts what would fill the screen', () => {
    log.onLine('x'.repeat(10_000));
    expect(said[0]).toHaveLength('[Worker] '.length + 500);
  });

  it('shows once what repeats, whatever its reason', () => {
    for (const message of ['port 1', 'port 2', 'port 3']) {
      entry({ level: 'warn', msg: 'a dependency is away', err: { message } });
    }
    expect(said).toEqual(['[Worker] warn: a dependency is away (port 1)']);
  });

  it('says after ten seconds how often it repeated', () => {
    const line = () => entry({ level: 'warn', msg: 'a dependency is away' });
    for (let times = 0; times < 4; times += 1) line();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_001 });
    line();
    expect(said.at(-1)).toBe('[Worker] warn: a dependency is away (and 3 more like it before)');
  });

  it('remembers no more than some hundreds of messages', () => {
    log.onLine('the first');
    for (let number = 0; number < 300; number += 1) log.onLine(`another: ${number}`);
    log.onLine('the first');
    expect(said.filter((line) => line.includes('the first'))).toHaveLength(2);
  });
});
