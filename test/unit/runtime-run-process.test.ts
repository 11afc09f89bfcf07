import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pollUntil } from '../../embedded/poll.js';
import { ConfigError } from '../../runtime/config.js';
import { runProcess } from '../../runtime/run-process.js';
import { StartUpError } from '../../runtime/start-up.js';

const events = ['SIGINT', 'SIGTERM', 'unhandledRejection', 'uncaughtException'] as const;
let before: Map<string, unknown[]>;
let exits: (number | undefined)[];

const listenersOf = (event: string) => process.listeners(event as 'SIGINT') as ((error?: unknown) => void)[];
/** Those that the process under test has set. */
const own = (event: string) => listenersOf(event).filter((each) => !before.get(event)?.includes(each));

// This process is the tests' own: it only notes that it was to end.
beforeEach(() => {
  before = new Map(events.map((event) => [event, listenersOf(event)]));
  exits = [];
  vi.stubEnv('LOG_LEVEL', 'silent');
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    exits.push(code as number);
    return undefined as never;
  });
});

afterEach(() => {
  for (const event of events) for (const listener of own(event)) process.off(event, listener);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const exited = (times = 1) =>
  pollUntil(() => exits.length >= times, { withinMs: 5000, what: 'the process did not end' });

/** A process that works until it is asked to stop, and how often it was asked. */
function working() {
  const asked = { times: 0 };
  const ended = runProcess('test', ({ onStop }) => {
    return new Promise((resolve) => {
      onStop(() => {
        asked.times += 1;
        resolve();
      });
    });
  });
  return { asked, ended };
}

describe('a process', () => {
  it('ends with 0 when its work is done', async () => {
    await runProcess('test', () => Promise.resolve());
    expect(exits).toEqual([0]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('is asked to stop by %s, and ends with 0 then', async (signal) => {
    const { asked, ended } = working();
    process.kill(process.pid, signal);
    await ended;
    expect(asked.times).toBe(1);
    expect(exits).toEqual([0]);
  });

  it('asks everything in it to stop', async () => {
    const asked: string[] = [];
    const ended = runProcess('test', ({ onStop }) => {
      onStop(() => asked.push('worker'));
      return new Promise((resolve) => {
        onStop(() => {
          asked.push('server');
          resolve();
        });
      });
    });
    process.kill(process.pid, 'SIGTERM');
    await ended;
    expect(asked).toEqual(['worker', 'server']);
  });

  it('ends at once, without success, when it is told a second time', async () => {
    void runProcess('test', ({ onStop }) => {
      onStop(() => undefined);
      return new Promise(() => undefined);
    });
    process.kill(process.pid, 'SIGTERM');
    await pollUntil(
      () => {
        process.kill(process.pid, 'SIGTERM');
        return exits.length > 0;
      },
      { withinMs: 5000, what: 'the process did not end' },
    );
    expect(exits[0]).toBe(130);
  });

  it('ends at once when it is told before there is anything to stop', async () => {
    void runProcess('test', () => new Promise(() => undefined));
    process.kill(process.pid, 'SIGTERM');
    await exited();
    expect(exits[0]).toBe(0);
  });

  it.each([
    ['its environment is not right', new ConfigError('MONGODB_URI: is missing')],
    ['something that it needs does not come', new StartUpError('MongoDB did not answer in time')],
    ['it fails', new Error('out of luck')],
  ])('ends with 1 when %s', async (_why, error) => {
    await runProcess('test', () => Promise.reject(error));
    expect(exits).toEqual([1]);
  });

  it('ends with 1 over an error that nobody awaited', () => {
    void runProcess('test', () => new Promise(() => undefined));
    for (const listener of own('unhandledRejection')) listener(new Error('forgotten'));
    expect(exits).toEqual([1]);
  });
});
