import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger, type Logger } from '../../runtime/logger.js';
import { awaitDependency, StartUpError } from '../../runtime/start-up.js';

let lines: Record<string, unknown>[];
let log: Logger;

beforeEach(() => {
  lines = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  log = createLogger({ level: 'info', name: 'test' }, { write });
});
afterEach(() => vi.useRealTimers());

/** Fails so many times, then answers. */
function comesAfter(failures: number) {
  let tries = 0;
  return () => {
    tries += 1;
    if (tries <= failures) return Promise.reject(new Error(`refused, try ${tries}`));
    return Promise.resolve('connected');
  };
}

const wait = (connect: () => Promise<string>, withinMs = 20_000) =>
  awaitDependency('MongoDB', connect, { deadlineMs: Date.now() + withinMs, log, hint: 'Is it there?' });

describe('a dependency at the start', () => {
  it('that is there is not worth a word', async () => {
    expect(await wait(comesAfter(0))).toBe('connected');
    expect(lines).toEqual([]);
  });

  it('that is late is waited for', async () => {
    expect(await wait(comesAfter(2))).toBe('connected');
  });

  it('that is late is told once while it is away, and once when it is back', async () => {
    await wait(comesAfter(2));
    expect(lines.map(({ level, msg }) => `${String(level)}: ${String(msg)}`)).toEqual([
      'warn: dependency is away, trying again',
      'info: dependency is back',
    ]);
  });

  it('that is away is told with its name, the reason and what to look at', async () => {
    await wait(comesAfter(1));
    expect(lines[0]).toMatchObject({
      dependency: 'MongoDB',
      hint: 'Is it there?',
      err: { message: 'refused, try 1' },
    });
  });

  it('that stays away is told again after ten seconds', async () => {
    let tries = 0;
    const connect = () => {
      tries += 1;
      if (tries === 2) vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_001 });
      return tries < 3 ? Promise.reject(new Error('refused')) : Promise.resolve('connected');
    };
    await wait(connect, 60_000);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  it('that does not come ends the wait with the last reason', async () => {
    const error: unknown = await wait(comesAfter(Infinity), 600).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartUpError);
    expect(error).toMatchObject({
      message: 'MongoDB did not answer in time. Is it there?',
      cause: { message: expect.stringMatching(/refused, try [23]/) },
    });
  });

  it('is tried once even where there is no time left', async () => {
    expect(await wait(comesAfter(0), -1)).toBe('connected');
  });
});
