import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { poll } from '../../embedded/poll.js';
import { commandLine, identify, isRunning, parentOf, signalGroup } from '../../embedded/process-identity.js';
import { endedProcess, isGone, printedPid, startProcess } from '../support/processes.js';

/** From here on the code under test takes this machine for one of another kind, until the test ends. */
function pretendToBe(platform: NodeJS.Platform): void {
  const real = process.platform;
  Object.defineProperty(process, 'platform', { value: platform });
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: real }));
}

/** A process that has ended and whose parent never asks how. */
async function zombie(): Promise<number> {
  const pid = await printedPid(startProcess('sh', ['-c', 'sleep 0 & echo $!; exec sleep 600']));
  await poll(() => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) || undefined, {
    withinMs: 5000,
    what: 'the process did not end',
  });
  return pid;
}

describe.each<NodeJS.Platform>(['linux', 'darwin'])(
  'the identity of a process, the way of %s',
  (platform) => {
    it('stays the same for as long as the process runs', () => {
      pretendToBe(platform);
      expect(identify(process.pid)).toEqual(identify(process.pid));
      expect(isRunning(identify(process.pid) ?? { pid: 0, mark: '' })).toBe(true);
    });

    it('is gone with the process', async () => {
      pretendToBe(platform);
      const { pid } = await endedProcess();
      expect(identify(pid)).toBeUndefined();
    });

    it('is gone with a process that has ended and was not yet buried', async () => {
      const pid = await zombie();
      pretendToBe(platform);
      expect(identify(pid)).toBeUndefined();
    });

    it('is not that of an earlier process with the same number', () => {
      pretendToBe(platform);
      expect(isRunning({ pid: process.pid, mark: 'an earlier boot/1' })).toBe(false);
    });
  },
);

describe('a process', () => {
  it('is known by the words of its command', () => {
    const { identity } = startProcess('sleep', ['600']);
    expect(commandLine(identity.pid)).toEqual(['sleep', '600']);
  });

  it('is known by its parent', () => {
    expect(parentOf(startProcess('sleep', ['600']).identity.pid)).toBe(process.pid);
  });

  it('has neither words nor a parent once it is gone', async () => {
    const { pid } = await endedProcess();
    expect([commandLine(pid), parentOf(pid)]).toEqual([[], undefined]);
  });

  it('whose name holds blanks and brackets is told apart all the same', () => {
    const { identity } = startProcess('sh', ['-c', 'read line < /dev/tty || sleep 600'], {
      argv0: 'a) Z (b',
    });
    expect(isRunning(identity)).toBe(true);
  });
});

describe('a signal to a process group', () => {
  it('reaches everybody in it', async () => {
    const shell = startProcess('sh', ['-c', 'sleep 600 & echo $!; wait']);
    const grandchild = identify(await printedPid(shell));
    expect(signalGroup(shell.identity, 'SIGKILL')).toBe(true);
    await isGone(grandchild ?? { pid: 0, mark: '' });
  });

  it('reaches nobody when the recorded process is another one by now', () => {
    const { identity } = startProcess('sleep', ['600']);
    expect(signalGroup({ pid: identity.pid, mark: 'an earlier boot/1' }, 'SIGKILL')).toBe(false);
    expect(isRunning(identity)).toBe(true);
  });

  it('reaches nobody when the process leads no group', () => {
    const { identity } = startProcess('sleep', ['600'], { leadsGroup: false });
    expect(signalGroup(identity, 'SIGKILL')).toBe(false);
  });
});
