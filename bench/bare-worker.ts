import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadConfig } from '../runtime/config.js';
import { createLogger } from '../runtime/logger.js';
import { runProcess } from '../runtime/run-process.js';
import { dataConverter } from '../runtime/temporal.js';
import { bundleWorkflows } from '../worker/bundle.js';
import { bareTaskQueue } from './bare-queue.js';

// A process of its own with the product's worker options, so that only what runs in it differs.
await runProcess('bare-worker', async ({ onStop }) => {
  const config = loadConfig();
  const log = createLogger({ level: config.LOG_LEVEL, name: 'bare-worker' });
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN') });
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: bareTaskQueue,
    workflowBundle: await bundleWorkflows(fileURLToPath(new URL('./bare-workflow.js', import.meta.url))),
    activities: { nothing: () => Promise.resolve() },
    dataConverter: dataConverter(config.CARILLON_KEYS),
    maxConcurrentWorkflowTaskExecutions: config.CARILLON_WORKER_WORKFLOW_TASKS,
    maxConcurrentActivityTaskExecutions: config.CARILLON_WORKER_ACTIVITIES,
    maxConcurrentWorkflowTaskPolls: config.CARILLON_WORKER_WORKFLOW_POLLERS,
    maxConcurrentActivityTaskPolls: config.CARILLON_WORKER_ACTIVITY_POLLERS,
    maxCachedWorkflows: config.CARILLON_WORKER_CACHED_WORKFLOWS,
    reuseV8Context: true,
  });
  onStop(() => worker.shutdown());
  log.info('worker ready');
  await worker.run();
  await connection.close();
});
