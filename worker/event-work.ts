import type { Client } from '@temporalio/client';
import type { ActivityDependencies } from '../activities/dependencies.js';
import type { Config } from '../runtime/config.js';
import { startOutbound } from './outbound-work.js';
import { kafkaIntake } from './kafka-intake.js';

/** Something that a worker process with the role `events` does as long as it runs. */
export interface EventWork {
  /** Ends it: what is under way is finished, or left to the next process. */
  stop(): Promise<void>;
}

export interface EventWorkOptions {
  config: Config;
  dependencies: ActivityDependencies;
  client: Client;
  /** The queue that notifications are started on. */
  taskQueue: string;
}

/** Starts all that the role `events` has to do. */
export async function startEventWork(options: EventWorkOptions): Promise<EventWork> {
  const started: EventWork[] = await Promise.all(parts.map((start) => start(options)));
  return {
    stop: async () => {
      await Promise.all(started.map((work) => work.stop()));
    },
  };
}

const parts: readonly ((options: EventWorkOptions) => Promise<EventWork>)[] = [startOutbound, kafkaIntake];
