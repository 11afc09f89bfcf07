import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process that is told apart from a later one with the same number: its ID and a mark of when it began. Nothing is
 * ever signalled on a recorded number alone.
 */
export interface ProcessIdentity {
  pid: number;
  /** On Linux the boot's ID and the start time in clock ticks (proc_pid_stat(5), field 22); elsewhere what `ps` says. */
  mark: string;
}

/** The identity of a running process; undefined when there is none, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const mark = process.platform === 'linux' ? markFromProc(pid) : markFromPs(pid);
  return mark === undefined ? undefined : { pid, mark };
}

/** True while exactly this process runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.mark === identity.mark;
}

/** The parent's process ID; undefined when the process is gone or the platform does not tell cheaply. */
export function parentOf(pid: number): number | undefined {
  const fields = statFields(pid);
  return fields ? Number(fields[1]) : undefined;
}

/** The words of a process's command line; empty when it is gone or the platform does not tell cheaply. */
export function commandLine(pid: number): string[] {
  const text = readIfThere(`/proc/${pid}/cmdline`);
  return text === undefined ? [] : text.split('\0').filter((word) => word !== '');
}

/**
 * Signals a whole process group, if its leader is still the recorded process. False when there was nobody to signal.
 * @throws when the system forbids it.
 */
export function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(-identity.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function markFromProc(pid: number): string | undefined {
  const fields = statFields(pid);
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const boot = readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${boot}/${fields[19]}`;
}

/** The fields of /proc/pid/stat from the third (state) on: the second is a name that may hold blanks and brackets. */
function statFields(pid: number): string[] | undefined {
  const text = readIfThere(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function markFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [, state, started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout ?? '') ?? [];
  return state === undefined || state.startsWith('Z') ? undefined : started;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
