import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface LogLine {
  level: string;
  msg: string;
  [field: string]: unknown;
}

/** The API or a worker as a process of its own, as production runs it. The build must be there (`npm run build`). */
export interface AppProcess {
  readonly lines: readonly LogLine[];
  /** Resolves with the first line of that message, past or to come; rejects when the process ends first. */
  logged(msg: string, deadlineMs?: number): Promise<LogLine>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM, and waits. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Resolves with the exit code when it ends by itself. */
  ended: Promise<number | null>;
}

export function startApp(name: 'api' | 'worker', env: NodeJS.ProcessEnv): AppProcess {
  const script = fileURLToPath(new URL(`../../dist/${name}/main.js`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(text.startsWith('{') ? (JSON.parse(text) as LogLine) : { level: 'text', msg: text });
    for (const look of waiting) look();
  });
  let isOver = false;
  const ended = once(child, 'exit').then(([code]) => {
    isOver = true;
    for (const look of waiting) look();
    return code as number | null;
  });

  return {
    lines,
    ended,
    logged: (msg, deadlineMs = 30_000) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          waiting.delete(look);
          clearTimeout(timer);
          settle();
        };
        const look = () => {
          const line = lines.find((each) => each.msg.includes(msg));
          if (line) finish(() => resolve(line));
          else if (isOver) finish(() => reject(new Error(`${name} ended before "${msg}": ${lastOf(lines)}`)));
        };
        const timer = setTimeout(
          () => finish(() => reject(new Error(`${name} did not log "${msg}": ${lastOf(lines)}`))),
          deadlineMs,
        );
        waiting.add(look);
        look();
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function lastOf(lines: readonly LogLine[]): string {
  return JSON.stringify(lines.slice(-5));
}
