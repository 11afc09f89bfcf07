import { spawn } from 'node:child_process';

/** A short-lived program ended badly; `output` is the end of what it printed. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed';
  constructor(
    message: string,
    readonly output: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const KEPT_CHARACTERS = 8000;

/**
 * Runs a program to its end and resolves to what it printed (the last 8,000 characters of both streams).
 * @param options.onLine is told each line of standard output as it comes.
 * @param options.timeoutMs ends the program; default: 10 minutes.
 * @throws {ProgramFailed} when it cannot be started, takes too long, or ends with another code than 0 (unless
 *   `anyExitCode`).
 */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    timeoutMs?: number;
    anyExitCode?: boolean;
    onLine?: (line: string) => void;
  } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 600_000,
      killSignal: 'SIGKILL',
    });
    // Not to leave a download behind that nobody waits for.
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    let output = '';
    let line = '';
    const keep = (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      keep(text);
      const lines = (line + text).split(/[\r\n]+/);
      line = lines.pop() ?? '';
      for (const whole of lines) options.onLine?.(whole);
    });
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => {
      reject(
        new ProgramFailed(`${command} could not be started: ${error.message}`, output, { cause: error }),
      );
    });
    child.once('close', (code, signal) => {
      process.removeListener('exit', endWithUs);
      if (code === 0 || (code !== null && options.anyExitCode)) resolve(output);
      else reject(new ProgramFailed(`${command} ended with ${signal ?? `code ${String(code)}`}`, output));
    });
  });
}

/** The last line that says something, for a one-line reason. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
