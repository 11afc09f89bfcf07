import { Guard } from '../embedded/guard.js';
import type { Launch } from '../embedded/launch.js';
import { SupervisedChild } from '../embedded/process.js';
import type { Processes } from './processes.js';

/** The bench's child processes by name. A bench that is killed leaves none of them behind. */
export class Children {
  private readonly guard = new Guard();
  private readonly children = new Map<string, SupervisedChild>();
  private readonly launches = new Map<string, Launch>();
  private readonly pids = new Map<string, number>();

  constructor(private readonly say: (text: string) => void) {}

  /** The process IDs of those that run now. */
  get processes(): Processes {
    return this.pids;
  }

  /** Starts a child and waits until it is ready. @throws {ChildFailed} with the end of its log. */
  async start(name: string, launch: Launch): Promise<void> {
    const child = new SupervisedChild(launch.plan, {
      began: (_title, { pid }) => {
        this.guard.watch(pid);
        this.pids.set(name, pid);
      },
      ended: ({ pid }) => {
        this.guard.forget(pid);
        if (this.pids.get(name) === pid) this.pids.delete(name);
      },
      say: this.say,
    });
    this.children.set(name, child);
    this.launches.set(name, launch);
    await child.start(launch.isReady, launch.readyWithinMs);
  }

  /** Ends one child, kindly. */
  async stop(name: string): Promise<void> {
    await this.children.get(name)?.stop('kindly');
    this.children.delete(name);
  }

  /** Ends one child with SIGKILL, as a crash would. */
  async kill(name: string): Promise<void> {
    await this.children.get(name)?.stop('at once');
  }

  /** Starts one that was killed again, as it was started before. */
  async restart(name: string): Promise<void> {
    const launch = this.launches.get(name);
    if (!launch) throw new Error(`there was no ${name}`);
    await this.start(name, launch);
  }

  /** Ends all of them at once: their data are thrown away. */
  async close(): Promise<void> {
    await Promise.all([...this.children.values()].map((child) => child.stop('at once')));
    this.guard.dismiss();
  }
}
