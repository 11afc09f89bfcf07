import type { Guard } from './guard.js';
import type { Launch } from './launch.js';
import { SupervisedChild, type ChildWatcher } from './process.js';
import type { Progress, Step } from './progress.js';
import type { RunRecord } from './run-record.js';

/** Everything that runs, in the order in which it is stopped: who depends on the others goes first. */
export const stopOrder = ['api', 'worker', 'mail', 'temporal', 'mongodb'] as const;
export type Part = (typeof stopOrder)[number];

/** A stop came while things were still starting. */
export class StoppedWhileStarting extends Error {
  override readonly name = 'StoppedWhileStarting';
}

/** The children of one start: each watched by the guard and noted in the record for as long as it runs. */
export class Stack {
  private readonly children = new Map<Part, SupervisedChild>();
  private isClosed = false;
  private readonly watcher: ChildWatcher;

  constructor(guard: Guard, record: RunRecord, progress: Progress) {
    this.watcher = {
      began: (title, child) => {
        guard.watch(child.pid);
        record.add(title, child);
      },
      ended: (child) => {
        guard.forget(child.pid);
        record.remove(child);
      },
      say: (line) => progress.say(line),
    };
  }

  /**
   * Starts one child and waits until it is ready.
   * @throws {ChildFailed}, {StoppedWhileStarting}
   */
  async start(part: Part, launch: Launch, step: Step): Promise<void> {
    if (this.isClosed) throw new StoppedWhileStarting();
    const child = new SupervisedChild(launch.plan, this.watcher);
    this.children.set(part, child);
    try {
      await child.start(launch.isReady, launch.readyWithinMs);
    } catch (error) {
      if (this.isClosed) throw new StoppedWhileStarting('stopped', { cause: error });
      step.failed();
      throw error;
    }
    if (this.isClosed) throw new StoppedWhileStarting();
    step.done();
  }

  /** Stops everything, one after the other; nothing can be started afterwards. */
  async stop(): Promise<void> {
    this.isClosed = true;
    for (const part of stopOrder) await this.children.get(part)?.stop();
  }

  /** Kills everything at once. */
  async kill(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.children.values()].map((child) => child.stop('at once')));
  }
}
