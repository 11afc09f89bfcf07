import type { Client } from '@temporalio/client';
import type { HousekeepingRun } from '../../models/housekeeping-runs.js';
import type { Models } from '../../models/models.js';
import type { Waiting } from '../../models/waiting-counts.js';
import { sampled } from '../../runtime/metrics/sampled.js';
import { describeTaskQueues, type TaskQueueFigures } from '../../runtime/task-queues.js';

/** Figures of the whole deployment, which cost a query: read once in 15 s, however many ask for them. */
export interface DeploymentFigures {
  waiting(): Promise<Waiting>;
  queues(): Promise<TaskQueueFigures[]>;
  housekeeping(): Promise<HousekeepingRun | undefined>;
}

export function deploymentFigures({
  models,
  client,
  taskQueue,
}: {
  models: Pick<Models, 'waitingCounts' | 'housekeepingRuns'>;
  client: Client;
  taskQueue: string;
}): DeploymentFigures {
  return {
    waiting: sampled(() => models.waitingCounts.ofAll()),
    queues: sampled(() => describeTaskQueues(client, taskQueue)),
    housekeeping: sampled(() => models.housekeepingRuns.latest()),
  };
}
