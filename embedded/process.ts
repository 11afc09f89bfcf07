import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { basename } from 'node:path';
import { LineLog, openLog } from './log-file.js';
import { logTail } from './log-tail.js';
import { DeadlinePassed, poll, pollUntil } from './poll.js';
import { identify, signalGroup, type ProcessIdentity } from './process-identity.js';

/** How to run one child. */
export interface ChildPlan {
  /** For people: `MongoDB`, `Worker`. */
  title: string;
  command: string;
  args: readonly string[];
  /** The whole environment of the child. */
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Where its output goes, appended. */
  logPath: string;
  /** Also told each line of its output. With it the output passes through us, without it it goes straight to the file. */
  onLine?: (line: string) => void;
  /** How long it may take to end after SIGTERM before it is killed, in milliseconds. */
  stopWithinMs: number;
}

/** Who must know about children: the guard, the record on disk, the terminal. */
export interface ChildWatcher {
  began: (title: string, child: ProcessIdentity) => void;
  ended: (child: ProcessIdentity) => void;
  say: (line: string) => void;
}

/** A child did not become ready; `message` carries the end of its log. */
export class ChildFailed extends Error {
  override readonly name = 'ChildFailed';
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A child that ran this long has recovered: its next end begins with the short pause again. */
const RECOVERED_AFTER_MS = 60_000;

/**
 * A child in a process group of its own, so that a terminal's Ctrl-C reaches only us. Once it was ready it is started
 * again whenever it ends by itself, after 0.5 s, 1 s, 2 s … up to 30 s, until `stop`.
 */
export class SupervisedChild {
  private identity?: ProcessIdentity;
  private phase: 'idle' | 'starting' | 'ready' | 'stopping' = 'idle';
  private pause?: NodeJS.Timeout;
  private pauseMs = FIRST_PAUSE_MS;
  private endedWith?: string;

  constructor(
    private readonly plan: ChildPlan,
    private readonly watcher: ChildWatcher,
  ) {}

  /**
   * Starts it and waits until `isReady` answers true.
   * @throws {ChildFailed} when it ends before that, when it takes longer than `withinMs`, or when `isReady` throws.
   */
  async start(isReady: () => Promise<boolean> | boolean, withinMs: number): Promise<void> {
    this.phase = 'starting';
    this.launch();
    try {
      await poll(
        async () => {
          if (this.endedWith !== undefined) {
            throw new ChildFailed(
              `${this.plan.title} ended while it was starting (${this.endedWith}).${logTail(this.plan.logPath)}`,
            );
          }
          return (await isReady()) ? true : undefined;
        },
        { withinMs, what: `${this.plan.title} was not ready` },
      );
    } catch (error) {
      if (error instanceof ChildFailed) throw error;
      throw new ChildFailed(`${(error as Error).message}.${logTail(this.plan.logPath)}`, { cause: error });
    }
    if (this.phase === 'starting') this.phase = 'ready';
  }

  /**
   * Ends it for good, with its whole process group, and resolves when it is gone: `kindly` with SIGTERM, and SIGKILL
   * after `stopWithinMs`; `at once` with SIGKILL. `start` may be called again afterwards.
   */
  async stop(how: 'kindly' | 'at once' = 'kindly'): Promise<void> {
    this.phase = 'stopping';
    clearTimeout(this.pause);
    const { identity } = this;
    if (!identity) return;
    if (how === 'kindly') {
      signalGroup(identity, 'SIGTERM');
      if (await this.isGoneWithin(this.plan.stopWithinMs)) return;
      this.watcher.say(`${this.plan.title} did not end in time and was killed.`);
    }
    signalGroup(identity, 'SIGKILL');
    if (!(await this.isGoneWithin(10_000))) throw new Error(`${this.plan.title} survived SIGKILL`);
  }

  private async isGoneWithin(withinMs: number): Promise<boolean> {
    try {
      await pollUntil(() => this.identity === undefined, {
        withinMs,
        what: `${this.plan.title} did not end`,
      });
      return true;
    } catch (error) {
      if (error instanceof DeadlinePassed) return false;
      throw error;
    }
  }

  private launch(): void {
    const { plan } = this;
    this.endedWith = undefined;
    const log = plan.onLine ? new LineLog(plan.logPath, plan.onLine) : openLog(plan.logPath);
    const output = typeof log === 'number' ? log : 'pipe';
    const child = spawn(plan.command, plan.args, {
      cwd: plan.cwd,
      env: plan.env,
      detached: true,
      stdio: ['ignore', output, output],
    });
    const beganMs = Date.now();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    this.identity = identity;
    if (identity) this.watcher.began(plan.title, identity);
    if (typeof log === 'number') closeSync(log);
    else {
      child.stdout?.on('data', (chunk: Buffer) => log.write(chunk));
      child.stderr?.on('data', (chunk: Buffer) => log.write(chunk));
      child.once('close', () => log.close());
    }
    child.once('error', (error) => this.onEnd(identity, error.message, 0));
    child.once('exit', (code, signal) =>
      this.onEnd(identity, signal ?? `code ${String(code)}`, Date.now() - beganMs),
    );
  }

  private onEnd(identity: ProcessIdentity | undefined, reason: string, lifeMs: number): void {
    if (identity) this.watcher.ended(identity);
    this.endedWith = reason;
    this.identity = undefined;
    if (this.phase !== 'ready') return;
    if (lifeMs > RECOVERED_AFTER_MS) this.pauseMs = FIRST_PAUSE_MS;
    const waitMs = this.pauseMs;
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
    this.watcher.say(
      `${this.plan.title} ended unexpectedly (${reason}); starting it again in ${waitMs / 1000} s. ` +
        `Its log: ${basename(this.plan.logPath)}`,
    );
    this.pause = setTimeout(() => {
      this.launch();
    }, waitMs);
  }
}
