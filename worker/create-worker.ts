import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities, createBulkActivities } from '../activities/create-activities.js';
import type { ActivityDependencies } from '../activities/dependencies.js';
import { bulkQueueOf, notificationTaskQueue } from '../contracts/ids.js';
import type { Config } from '../runtime/config.js';
import { ErrorReports } from '../runtime/error-reports.js';
import { dataConverter } from '../runtime/temporal.js';
import type { WorkerTracing } from '../runtime/tracing/start.js';
import { watchActivities } from './activity-interceptors.js';
import { workflowBundle } from './bundle.js';
import { tracedWorker } from './tracing.js';

export interface WorkerOptions {
  config: Config;
  connection: NativeConnection;
  dependencies: ActivityDependencies;
  bundle: WorkflowBundleOption;
  /** Another queue than the product's, for tests. */
  taskQueue?: string;
  /** Told of errors of our own; by default they are counted only. */
  errors?: ErrorReports;
  /** Absent: workflows and activities are not traced. */
  tracing?: WorkerTracing | undefined;
}

/** A worker for workflows and single deliveries, not yet running. Its sizes and their reasons stand in `runtime/config.ts`. */
export async function createWorker(options: WorkerOptions): Promise<Worker> {
  const { config } = options;
  return Worker.create({
    ...(await shared(options)),
    taskQueue: options.taskQueue ?? notificationTaskQueue,
    workflowBundle: options.bundle,
    activities: createActivities(options.dependencies),
    maxConcurrentWorkflowTaskExecutions: config.CARILLON_WORKER_WORKFLOW_TASKS,
    maxConcurrentLocalActivityExecutions: config.CARILLON_WORKER_WORKFLOW_TASKS * 2,
    maxConcurrentActivityTaskExecutions: config.CARILLON_WORKER_ACTIVITIES,
    maxConcurrentWorkflowTaskPolls: config.CARILLON_WORKER_WORKFLOW_POLLERS,
    maxConcurrentActivityTaskPolls: config.CARILLON_WORKER_ACTIVITY_POLLERS,
    maxCachedWorkflows: config.CARILLON_WORKER_CACHED_WORKFLOWS,
    reuseV8Context: true,
  });
}

/** A worker for the pages of broadcasts, not yet running. */
export async function createBulkWorker(options: Omit<WorkerOptions, 'bundle'>): Promise<Worker> {
  const { config } = options;
  return Worker.create({
    ...(await shared(options)),
    taskQueue: bulkQueueOf(options.taskQueue ?? notificationTaskQueue),
    activities: createBulkActivities(options.dependencies),
    maxConcurrentActivityTaskExecutions: config.CARILLON_BULK_PAGES,
    // A page hears by it that it is to stop.
    maxHeartbeatThrottleInterval: '1 second',
    // Few tasks, each of seconds: one poll that waits is enough.
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 1 },
  });
}

/** The workers of these roles; `events` takes no queue of Temporal's. */
export function createWorkers(
  options: Omit<WorkerOptions, 'bundle' | 'taskQueue'>,
  roles: Config['CARILLON_WORKER_QUEUES'],
): Promise<Worker[]> {
  const makers = {
    notifications: async () =>
      createWorker({ ...options, bundle: await workflowBundle(options.tracing !== undefined) }),
    bulk: () => createBulkWorker(options),
  };
  return Promise.all(roles.flatMap((role) => (role === 'events' ? [] : [makers[role]()])));
}

async function shared({
  config,
  connection,
  dependencies: { metrics, log },
  errors = new ErrorReports({ log, metrics }),
  tracing,
}: Omit<WorkerOptions, 'bundle'>) {
  const traced = tracing && (await tracedWorker(tracing));
  return {
    connection,
    // Tracing stands outside, so that lines of the log know the trace.
    interceptors: { activity: [...(traced ? [traced.activity] : []), watchActivities({ metrics, errors })] },
    ...(traced ? { sinks: traced.sinks } : {}),
    namespace: config.TEMPORAL_NAMESPACE,
    dataConverter: dataConverter(config.CARILLON_KEYS),
    shutdownGraceTime: config.CARILLON_DRAIN_SECONDS * 1000,
    shutdownForceTime: (config.CARILLON_DRAIN_SECONDS + 10) * 1000,
  };
}
