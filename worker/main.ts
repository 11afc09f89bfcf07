import { argv } from 'node:process';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { deploymentChannels } from '../channels/deployment-channels.js';
import { notificationTaskQueue } from '../contracts/ids.js';
import { compileBuiltInLayout } from '../templates/compile-mjml.js';
import { buildIndexes, createModels, pingMongo } from '../models/models.js';
import { deploymentPredictor } from '../policy/deployment-predictor.js';
import { loadConfig } from '../runtime/config.js';
import { loadModules } from '../runtime/load-modules.js';
import { watchPool } from '../runtime/metrics/mongodb-pool.js';
import { startMetricsServer } from '../runtime/metrics/server.js';
import { startProcess } from '../runtime/process.js';
import { openMongo } from '../runtime/mongodb.js';
import { runProcess } from '../runtime/run-process.js';
import { awaitDependency } from '../runtime/start-up.js';
import { lazyTemporalClient, pingTemporal, registerSearchAttributes } from '../runtime/temporal.js';
import { watchDependencies } from '../runtime/watch-dependencies.js';
import { createWorkers } from './create-worker.js';
import { activityDependencies } from './dependencies.js';
import { startEventWork } from './event-work.js';
import { environmentOf } from './options.js';
import { temporalMetrics } from './temporal-metrics.js';
import { scheduleHousekeeping } from './housekeeping-schedule.js';
import { workflowRuns } from './workflow-runs.js';
import { tellRegularly } from './tell-regularly.js';

await runProcess('worker', async ({ onStop, reportTo }) => {
  const config = loadConfig(environmentOf(argv.slice(2)));
  const queues = [...new Set(config.CARILLON_WORKER_QUEUES)];
  const process = await startProcess(config, 'worker');
  const { log, metrics, errors, tracing } = process;
  reportTo(errors);
  Runtime.install({
    shutdownSignals: [],
    ...temporalMetrics(config.CARILLON_TEMPORAL_METRICS_ADDRESS),
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      const fields = { ...meta, sdk: true };
      if (level === 'ERROR') log.error(fields, message);
      else log.warn(fields, message);
    }),
  });
  const deadlineMs = Date.now() + config.CARILLON_START_DEADLINE_SECONDS * 1000;
  const channels = await deploymentChannels(config, loadModules);
  const predictor = await deploymentPredictor(config, loadModules, (error) =>
    log.warn({ err: error }, 'the predictor failed; the built-in one answers'),
  );

  const metricsServer = await startMetricsServer(config, metrics);
  if (metricsServer) log.info({ port: metricsServer.port }, 'metrics listening');
  const mongo = openMongo(config.MONGODB_URI, { name: 'carillon-worker' });
  watchPool(mongo, metrics);
  await awaitDependency('mongodb', () => pingMongo(mongo), {
    deadlineMs,
    log,
    hint: 'Is MONGODB_URI right, and is the replica set initiated?',
  });
  const models = createModels(mongo, config.CARILLON_KEYS);
  if (config.CARILLON_BUILD_INDEXES) await buildIndexes(mongo);
  if (!config.CARILLON_KEYS) log.warn('CARILLON_KEYS is not set: payloads in Temporal are not encrypted');

  // Else the first mail would pay for it, half a second of a blocked event loop.
  await compileBuiltInLayout();

  const client = lazyTemporalClient(config, tracing);
  const connection = await awaitDependency(
    'temporal',
    async () => {
      await registerSearchAttributes(client);
      return NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
    },
    { deadlineMs, log, hint: 'Is TEMPORAL_ADDRESS right, and does TEMPORAL_NAMESPACE exist?' },
  );

  const runs = workflowRuns(client, notificationTaskQueue);
  const dependencies = activityDependencies(config, {
    models,
    runs,
    log,
    metrics,
    channels,
    predictor,
  });
  if (queues.includes('notifications')) await scheduleHousekeeping(client, notificationTaskQueue);
  const workers = await createWorkers(
    { config, connection, dependencies, errors, tracing: tracing?.forWorkers },
    queues,
  );
  const events = queues.includes('events')
    ? await startEventWork({ config, dependencies, client, taskQueue: notificationTaskQueue })
    : undefined;
  const asked = new Promise<void>((resolve) => onStop(resolve));
  onStop(() => workers.forEach((worker) => worker.shutdown()));
  log.info({ namespace: config.TEMPORAL_NAMESPACE, queues }, 'worker ready');
  const endWatch = watchDependencies(
    { mongodb: () => pingMongo(mongo), temporal: () => pingTemporal(client, 3_000) },
    { log },
  );
  const endTelling = tellRegularly(dependencies);
  await Promise.all([asked.then(() => events?.stop()), ...workers.map((worker) => worker.run())]);
  endWatch();
  endTelling();

  await dependencies.channels.close();
  await connection.close();
  await client.connection.close();
  await mongo.close();
  await metricsServer?.close();
  await process.end();
  log.info('worker drained');
});
