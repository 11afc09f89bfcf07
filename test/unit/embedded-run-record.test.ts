import { existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { identify, isRunning, type ProcessIdentity } from '../../embedded/process-identity.js';
import { AlreadyRunning, RunRecord } from '../../embedded/run-record.js';
import { endedProcess, isGone, printedPid, startProcess, temporaryFolder } from '../support/processes.js';

let folder: string;
let said: string[];

beforeEach(() => {
  folder = temporaryFolder();
  said = [];
});

const path = () => join(folder, 'run.json');
const take = () => RunRecord.take(folder, (line) => said.push(line));
const onDisk = () => JSON.parse(readFileSync(path(), 'utf8')) as Record<string, unknown>;

function leave(owner: ProcessIdentity, children: (ProcessIdentity & { title: string })[] = [], api?: string) {
  writeFileSync(path(), JSON.stringify({ owner, api, children }));
}

describe('the record of a run', () => {
  it('names its owner from the moment in which the folder is taken', async () => {
    await take();
    expect(onDisk()).toEqual({ owner: identify(process.pid), children: [] });
  });

  it('is readable by its owner only', async () => {
    await take();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('holds the children that run now, and the address of the API', async () => {
    const record = await take();
    record.add('MongoDB', { pid: 1001, mark: 'a' });
    record.add('Worker', { pid: 1002, mark: 'b' });
    record.setApi('http://127.0.0.1:3000');
    record.remove({ pid: 1001, mark: 'a' });
    expect(onDisk()).toMatchObject({
      api: 'http://127.0.0.1:3000',
      children: [{ title: 'Worker', pid: 1002, mark: 'b' }],
    });
  });

  it('comes back whole with the next change after somebody removed it', async () => {
    const record = await take();
    record.add('MongoDB', { pid: 1001, mark: 'a' });
    unlinkSync(path());
    record.add('Worker', { pid: 1002, mark: 'b' });
    expect(onDisk()).toMatchObject({ children: [{ title: 'MongoDB' }, { title: 'Worker' }] });
  });

  it('is gone once it was given back, also when a child ends later', async () => {
    const record = await take();
    record.add('Worker', { pid: 1002, mark: 'b' });
    record.release();
    record.remove({ pid: 1002, mark: 'b' });
    expect(existsSync(path())).toBe(false);
  });
});

describe('a data folder with a record', () => {
  it('is refused while its owner runs, with the API and the process of that one', async () => {
    const { identity } = startProcess('sleep', ['600']);
    leave(identity, [], 'http://127.0.0.1:3456');
    const refusal = await take().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AlreadyRunning);
    expect(String(refusal)).toMatch(
      new RegExp(`Its API is http://127.0.0.1:3456, its process ${identity.pid}`),
    );
  });

  it('is refused while its owner is still starting and has no address yet', async () => {
    leave(startProcess('sleep', ['600']).identity);
    await expect(take()).rejects.toThrow('It is still starting');
  });

  it('is free again when its owner has died', async () => {
    leave(await endedProcess());
    await take();
    expect(onDisk()).toMatchObject({ owner: identify(process.pid) });
  });

  it('is free when another process has got its owner’s number', async () => {
    leave({ pid: startProcess('sleep', ['600']).identity.pid, mark: 'an earlier boot/1' });
    await take();
    expect(onDisk()).toMatchObject({ owner: identify(process.pid) });
  });

  it.each([
    ['cut off', '{"owner":{"pid":12'],
    ['empty', ''],
    ['of another shape', '{"owner":"me","children":[]}'],
    ['of a process number that is none', '{"owner":{"pid":-1,"mark":"x"},"children":[]}'],
  ])('is free when the record is %s', async (_how, content) => {
    writeFileSync(path(), content);
    await take();
    expect(onDisk()).toMatchObject({ owner: identify(process.pid) });
  });

  it('goes to exactly one of several starts that find it left behind', async () => {
    const { identity } = startProcess('sleep', ['600']);
    leave(await endedProcess(), [{ ...identity, title: 'MongoDB' }]);
    const starts = await Promise.allSettled([take(), take(), take()]);
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('keeps the record of the start that was quicker', async () => {
    const { identity } = startProcess('sleep', ['600']);
    leave(await endedProcess(), [{ ...identity, title: 'MongoDB' }]);
    await Promise.allSettled([take(), take()]);
    expect(onDisk()).toEqual({ owner: identify(process.pid), children: [] });
  });
});

describe('what a crash left running', () => {
  it('is ended, and the terminal is told what it was', async () => {
    const { identity } = startProcess('sleep', ['600']);
    leave(await endedProcess(), [{ ...identity, title: 'MongoDB' }]);
    await take();
    expect(isRunning(identity)).toBe(false);
    expect(said).toEqual([expect.stringContaining('ending what it left: MongoDB.')]);
  });

  it('is ended with the processes that it started itself', async () => {
    const shell = startProcess('sh', ['-c', 'sleep 600 & echo $!; wait']);
    const grandchild = identify(await printedPid(shell));
    leave(await endedProcess(), [{ ...shell.identity, title: 'Temporal' }]);
    await take();
    await isGone(grandchild as ProcessIdentity);
  });

  it('is killed when it does not listen', async () => {
    const deaf = startProcess('sh', ['-c', 'trap "" TERM; echo $$; while :; do sleep 0.1; done']);
    await printedPid(deaf);
    leave(await endedProcess(), [{ ...deaf.identity, title: 'Worker' }]);
    await take();
    expect(isRunning(deaf.identity)).toBe(false);
  });

  it('is not confused with a stranger who has got its number', async () => {
    const { identity } = startProcess('sleep', ['600']);
    leave(await endedProcess(), [{ pid: identity.pid, mark: 'an earlier boot/1', title: 'MongoDB' }]);
    await take();
    expect(isRunning(identity)).toBe(true);
    expect(said).toEqual([]);
  });
});
