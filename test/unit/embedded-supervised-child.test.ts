import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { pollUntil } from '../../embedded/poll.js';
import { identify, isRunning, type ProcessIdentity } from '../../embedded/process-identity.js';
import { ChildFailed, SupervisedChild, type ChildPlan } from '../../embedded/process.js';
import { isGone, temporaryFolder } from '../support/processes.js';

let logPath: string;
let said: string[];
let lines: string[];
let began: ProcessIdentity[];
let ended: ProcessIdentity[];

beforeEach(() => {
  logPath = join(temporaryFolder(), 'child.log');
  [said, lines, began, ended] = [[], [], [], []];
});

/** A child that runs a shell script. */
function shell(script: string, plan: Partial<ChildPlan> = {}): SupervisedChild {
  const child = new SupervisedChild(
    {
      title: 'Child',
      command: 'sh',
      args: ['-c', script],
      env: { PATH: process.env.PATH },
      logPath,
      onLine: (line) => lines.push(line),
      stopWithinMs: 5000,
      ...plan,
    },
    {
      began: (_title, identity) => began.push(identity),
      ended: (identity) => ended.push(identity),
      say: (line) => said.push(line),
    },
  );
  onTestFinished(() => child.stop('at once'));
  return child;
}

const waiting = 'echo ready; exec sleep 600';
const saidReady = () => lines.includes('ready');
const eventually = (check: () => boolean, what: string) => pollUntil(check, { withinMs: 10_000, what });
const failure = (start: Promise<void>) =>
  start.then(
    () => 'it started',
    (error: unknown) => error,
  );

describe('a child that is starting', () => {
  it('is ready when it says so, and not before', async () => {
    await shell(waiting).start(saidReady, 5000);
    expect(lines).toEqual(['ready']);
  });

  it('has both its outputs in its log too', async () => {
    await shell(`echo trouble >&2; ${waiting}`).start(() => lines.length === 2, 5000);
    expect(readFileSync(logPath, 'utf8').split('\n').sort()).toEqual(['', 'ready', 'trouble']);
  });

  it('writes to its log by itself when nobody reads along', async () => {
    const isWritten = () => readFileSync(logPath, 'utf8') === 'ready\n';
    await shell(waiting, { onLine: undefined }).start(isWritten, 5000);
    expect(lines).toEqual([]);
  });

  it('fails with its code and its last words when it ends', async () => {
    const error = await failure(shell('echo the reason; exit 3').start(() => false, 5000));
    expect(error).toBeInstanceOf(ChildFailed);
    expect(String(error)).toMatch(/Child ended while it was starting \(code 3\)[^]*\| the reason$/);
  });

  it('fails with the signal that ended it', async () => {
    await expect(shell('kill -KILL $$').start(() => false, 5000)).rejects.toThrow('(SIGKILL)');
  });

  it('fails when there is no such program', async () => {
    const missing = shell('', { command: '/nowhere/program' });
    await expect(missing.start(() => false, 5000)).rejects.toThrow(/\(spawn \/nowhere\/program ENOENT\)/);
  });

  it('fails when it takes too long', async () => {
    const error = await failure(shell('exec sleep 600').start(() => false, 600));
    expect(error).toBeInstanceOf(ChildFailed);
    expect(String(error)).toContain('Child was not ready within 1 s');
  });

  it('fails with the reason for which it can never be ready', async () => {
    const refuses = () => Promise.reject(new Error('the data belong to another'));
    const error = await failure(shell('exec sleep 600').start(refuses, 5000));
    expect(error).toBeInstanceOf(ChildFailed);
    expect(String(error)).toContain('the data belong to another');
  });

  it('is not started again when it fails', async () => {
    await failure(shell('sleep 0.1; exit 3').start(() => false, 5000));
    expect([began.length, said]).toEqual([1, []]);
  });
});

describe('a child that was ready and ends by itself', () => {
  it('is started again, and the terminal is told', async () => {
    await shell(waiting).start(saidReady, 5000);
    process.kill(began[0]?.pid ?? 0, 'SIGKILL');
    await eventually(() => began.length === 2, 'it was not started again');
    expect(said).toEqual([
      'Child ended unexpectedly (SIGKILL); starting it again in 0.5 s. Its log: child.log',
    ]);
  });

  it('is given more time before each new start', async () => {
    await shell('exit 3').start(() => true, 5000);
    await eventually(() => said.length === 3, 'it was not started twice');
    expect(said.map((line) => /again in ([\d.]+) s/.exec(line)?.[1])).toEqual(['0.5', '1', '2']);
  });

  it('is told of to those who watch children, each life by its own identity', async () => {
    await shell(waiting).start(saidReady, 5000);
    process.kill(began[0]?.pid ?? 0, 'SIGKILL');
    await eventually(() => began.length === 2, 'it was not started again');
    expect(ended).toEqual([began[0]]);
  });

  it('stays away when it is stopped before it is started again', async () => {
    const child = shell(waiting);
    await child.start(saidReady, 5000);
    process.kill(began[0]?.pid ?? 0, 'SIGKILL');
    await eventually(() => said.length === 1, 'its end was not noticed');
    await child.stop();
    // A second child that ends at the same moment is back by then.
    const other = shell(waiting);
    await other.start(saidReady, 5000);
    process.kill(began[1]?.pid ?? 0, 'SIGKILL');
    await eventually(() => began.length === 3, 'the other was not started again');
    expect(ended).toHaveLength(2);
  });
});

describe('a child that is stopped', () => {
  it('may end in its own way', async () => {
    const child = shell('trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.05; done');
    await child.start(saidReady, 5000);
    await child.stop();
    await eventually(() => lines.includes('bye'), 'its last words were lost');
    expect(said).toEqual([]);
  });

  it('is killed when it does not end in time, and the terminal is told', async () => {
    const child = shell('trap "" TERM; echo ready; while :; do sleep 0.05; done', { stopWithinMs: 300 });
    await child.start(saidReady, 5000);
    await child.stop();
    expect(said).toEqual(['Child did not end in time and was killed.']);
    expect(began.some(isRunning)).toBe(false);
  });

  it('is not asked first when it is to end at once', async () => {
    const child = shell('trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.05; done');
    await child.start(saidReady, 5000);
    await child.stop('at once');
    expect(lines).toEqual(['ready']);
  });

  it('takes with it the processes that it has started', async () => {
    const child = shell('sleep 600 & echo $!; wait');
    await child.start(() => lines.length > 0, 5000);
    const grandchild = identify(Number(lines[0]));
    await child.stop();
    await isGone(grandchild ?? { pid: 0, mark: '' });
  });

  it('can be started once more', async () => {
    const child = shell(waiting);
    await child.start(saidReady, 5000);
    await child.stop();
    lines = [];
    await child.start(saidReady, 5000);
    expect(began.filter(isRunning)).toHaveLength(1);
  });

  it('before it ever ran is no trouble', async () => {
    await expect(shell(waiting).stop()).resolves.toBeUndefined();
  });
});
