import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Endpoints } from '../../embedded/endpoints.js';
import { poll } from '../../embedded/poll.js';
import { isRunning, signalGroup, type ProcessIdentity } from '../../embedded/process-identity.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const READY_WITHIN_MS = 120_000;

/**
 * Compiles the embedded default and its stand-ins for the API and the worker into a temporary folder.
 * @returns the path of the main program
 */
export async function buildEmbedded(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-build-'));
  await build({
    absWorkingDir: root,
    entryPoints: ['embedded/**/*.ts', 'contracts/**/*.ts', 'test/support/fake-apps/*.ts'],
    outdir: folder,
    outbase: root,
    format: 'esm',
    platform: 'node',
    sourcemap: 'inline',
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'test/support/fake-apps/main.js');
}

/** `run.json`, as a test looks at it. */
interface Recorded {
  owner: ProcessIdentity;
  children: (ProcessIdentity & { title: string })[];
}

/** One start of the embedded default as a process of its own. */
export class EmbeddedRun {
  output = '';
  private readonly child: ChildProcess;
  private exit?: { code: number | null; signal: NodeJS.Signals | null };

  constructor(
    command: string,
    args: readonly string[],
    readonly dataFolder: string,
    options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
  ) {
    const { npm_lifecycle_event: _underNpm, ...environment } = process.env;
    this.child = spawn(command, args, {
      cwd: options.cwd,
      // A group of its own, as in a terminal of its own.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, CARILLON_DATA_DIR: dataFolder, ...options.env },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.child.once('exit', (code, signal) => (this.exit = { code, signal }));
  }

  /** Of the process that was spawned. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** @throws with the output when it ends first, or is not ready in time. */
  async ready(): Promise<Endpoints> {
    const path = join(this.dataFolder, 'endpoints.json');
    await poll(
      () => {
        if (this.exit) throw new Error(`it ended with ${JSON.stringify(this.exit)}:\n${this.output}`);
        return this.output.includes('Carillon is ready') || undefined;
      },
      { withinMs: READY_WITHIN_MS, what: 'Carillon was not ready' },
    );
    return JSON.parse(readFileSync(path, 'utf8')) as Endpoints;
  }

  async says(text: string, withinMs = 30_000): Promise<void> {
    await poll(() => this.output.includes(text) || undefined, { withinMs, what: `it did not say "${text}"` });
  }

  recorded(): Recorded {
    return JSON.parse(readFileSync(join(this.dataFolder, 'run.json'), 'utf8')) as Recorded;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves to how it ended. */
  async ended(withinMs = 60_000): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return poll(() => this.exit, { withinMs, what: `it did not end:\n${this.output}` });
  }

  /** After a test, however it went. */
  async cleanUp(): Promise<void> {
    if (!this.exit) this.signal('SIGTERM');
    await this.ended();
    if (!existsSync(join(this.dataFolder, 'run.json'))) return;
    const { children } = this.recorded();
    for (const child of children) signalGroup(child, 'SIGKILL');
    await allGone(children);
  }
}

/** Starts the embedded default on a data folder, away from the ports of whoever works on this machine. */
export function startEmbedded(main: string, dataFolder: string, env: NodeJS.ProcessEnv = {}): EmbeddedRun {
  return new EmbeddedRun(process.execPath, [main], dataFolder, {
    env: { CARILLON_API_PORT: '3400', ...env },
  });
}

/** Resolves when none of the processes runs any more. */
export async function allGone(processes: readonly ProcessIdentity[], withinMs = 20_000): Promise<void> {
  await poll(() => !processes.some(isRunning) || undefined, {
    withinMs,
    what: 'processes were left running',
  });
}
