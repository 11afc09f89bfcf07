import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { poll } from '../../embedded/poll.js';
import { identify, type ProcessIdentity } from '../../embedded/process-identity.js';

/** A folder of the running test's own, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that a test looks at. */
export interface Subject {
  child: ChildProcess;
  identity: ProcessIdentity;
  /** Everything that it has printed so far. */
  output: () => string;
}

/** Starts a program in a process group of its own, which ends with the running test. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: { argv0?: string; leadsGroup?: boolean } = {},
): Subject {
  const leadsGroup = options.leadsGroup ?? true;
  const child = spawn(command, args, {
    argv0: options.argv0,
    detached: leadsGroup,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => endGroup(child, leadsGroup));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (!identity) throw new Error(`${command} did not start`);
  return { child, identity, output: () => output };
}

/** A process that is not there any more, but was. */
export async function endedProcess(): Promise<ProcessIdentity> {
  const { child, identity } = startProcess('sleep', ['600']);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  return identity;
}

/** Resolves to what a program prints first, as a number: the ID of a process of its own. */
export function printedPid(subject: Subject): Promise<number> {
  return poll(() => (/^\d+\n/.test(subject.output()) ? Number.parseInt(subject.output(), 10) : undefined), {
    withinMs: 5000,
    what: 'no process ID was printed',
  });
}

/** Resolves when a process is gone, or only waits for its parent to notice. */
export async function isGone(identity: ProcessIdentity): Promise<void> {
  await poll(() => identify(identity.pid)?.mark !== identity.mark || undefined, {
    withinMs: 10_000,
    what: 'the process did not end',
  });
}

function endGroup(child: ChildProcess, leadsGroup: boolean): void {
  try {
    if (child.pid !== undefined) process.kill(leadsGroup ? -child.pid : child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
