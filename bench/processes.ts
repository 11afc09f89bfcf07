import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Clock ticks per second in /proc, the same on every Linux that Node runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** CPU time by process, in milliseconds since each began; `machine` is what the whole machine was busy for. */
export type CpuTimes = Readonly<Record<string, number>>;

/** The processes of a bench by name; a name may have several lives. */
export type Processes = ReadonlyMap<string, number>;

/** CPU times now. Empty off Linux, where /proc does not tell. */
export function cpuTimes(processes: Processes): CpuTimes {
  if (process.platform !== 'linux') return {};
  const { user, system } = process.cpuUsage();
  const times: Record<string, number> = { bench: (user + system) / 1000, machine: machineBusyMs() };
  for (const [name, pid] of processes) times[name] = processCpuMs(pid);
  return times;
}

/** What was used between two moments, and the share of the machine that went to processes that are not the bench's. */
export function cpuUsed(before: CpuTimes, after: CpuTimes, elapsedMs: number) {
  const used = Object.fromEntries(
    Object.entries(after)
      .filter(([name]) => name !== 'machine')
      .map(([name, ms]) => [name, ms - (before[name] ?? 0)]),
  );
  const own = Object.values(used).reduce((sum, ms) => sum + ms, 0);
  const machine = (after.machine ?? NaN) - (before.machine ?? NaN);
  return { used, strangers: Math.max(0, (machine - own) / (elapsedMs * cpus().length)) };
}

/** Resident memory in MB; NaN where /proc does not tell. */
export function residentMb(pid: number | undefined): number {
  const text = pid === undefined ? '' : readProc(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? NaN) / 1024;
}

/** proc_pid_stat(5): fields 14 and 15, counted after the name, which may hold blanks. */
function processCpuMs(pid: number): number {
  const text = readProc(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1000) / TICKS_PER_SECOND;
}

/** proc_stat(5): everything but idle and iowait; guests are part of user already. */
function machineBusyMs(): number {
  const [, ...fields] = readProc('/proc/stat').split('\n', 1)[0]?.split(/\s+/) ?? [];
  const [user, nice, system, , , irq, softirq, steal] = fields.map(Number);
  const ticks = [user, nice, system, irq, softirq, steal].reduce((sum: number, some) => sum + (some ?? 0), 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
}

/** Empty for a process that has ended. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
