import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.js';
import type { ActivityDependencies } from '../activities/dependencies.js';
import { notificationTaskQueue } from '../contracts/ids.js';
import type { Config } from '../runtime/config.js';
import { dataConverter } from '../runtime/temporal.js';

export interface WorkerOptions {
  config: Config;
  connection: NativeConnection;
  dependencies: ActivityDependencies;
  bundle: WorkflowBundleOption;
  /** Another queue than the product's, for tests. */
  taskQueue?: string;
}

/** A worker for notifications, not yet running. Its sizes and their reasons stand in `runtime/config.ts`. */
export function createWorker(options: WorkerOptions): Promise<Worker> {
  const { config } = options;
  return Worker.create({
    connection: options.connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: options.taskQueue ?? notificationTaskQueue,
    workflowBundle: options.bundle,
    activities: createActivities(options.dependencies),
    dataConverter: dataConverter(config.CARILLON_KEYS),
    maxConcurrentWorkflowTaskExecutions: config.CARILLON_WORKER_WORKFLOW_TASKS,
    maxConcurrentLocalActivityExecutions: config.CARILLON_WORKER_WORKFLOW_TASKS * 2,
    maxConcurrentActivityTaskExecutions: config.CARILLON_WORKER_ACTIVITIES,
    maxCachedWorkflows: config.CARILLON_WORKER_CACHED_WORKFLOWS,
    shutdownGraceTime: config.CARILLON_DRAIN_SECONDS * 1000,
    shutdownForceTime: (config.CARILLON_DRAIN_SECONDS + 10) * 1000,
    reuseV8Context: true,
  });
}
