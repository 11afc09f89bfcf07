import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { deploymentChannels } from '../channels/deployment-channels.js';
import { notificationTaskQueue } from '../contracts/ids.js';
import { buildIndexes, createModels, pingMongo } from '../models/models.js';
import { deploymentPredictor } from '../policy/deployment-predictor.js';
import { loadConfig } from '../runtime/config.js';
import { loadModules } from '../runtime/load-modules.js';
import { watchPool } from '../runtime/metrics/mongodb-pool.js';
import { startProcess } from '../runtime/process.js';
import { openMongo } from '../runtime/mongodb.js';
import { runProcess } from '../runtime/run-process.js';
import { awaitDependency } from '../runtime/start-up.js';
import { watchDependencies } from '../runtime/watch-dependencies.js';
import { lazyTemporalClient, pingTemporal, registerSearchAttributes } from '../runtime/temporal.js';
import { createApp } from './app.js';
import { apiDependencies } from './dependencies.js';
import { Realtime } from './realtime/realtime.js';

await runProcess('api', async ({ onStop, reportTo }) => {
  const config = loadConfig();
  const process = await startProcess(config, 'api');
  const { log, metrics, errors, tracing } = process;
  reportTo(errors);
  const deadlineMs = Date.now() + config.CARILLON_START_DEADLINE_SECONDS * 1000;
  const channels = await deploymentChannels(config, loadModules);
  const predictor = await deploymentPredictor(config, loadModules, (error) =>
    log.warn({ err: error }, 'the predictor failed; the built-in one answers'),
  );
  const mongo = openMongo(config.MONGODB_URI, { name: 'carillon-api' });
  watchPool(mongo, metrics);
  const models = createModels(mongo, config.CARILLON_KEYS);
  const client = lazyTemporalClient(config, tracing);
  const dependencies = apiDependencies({
    config,
    models,
    client,
    log,
    channels,
    predictor,
    metrics,
    errors,
    taskQueue: notificationTaskQueue,
  });
  const app = createApp(dependencies);
  const server = createServer(app);
  const realtime = new Realtime(server, app, dependencies);
  const closed = once(server, 'close');
  onStop(() => {
    server.close();
    void realtime.close();
    // Idle keep-alive connections would hold the process; requests under way are answered first.
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
  });

  // It listens at once, so that /health/ready can say what it waits for.
  server.listen(config.CARILLON_API_PORT, config.CARILLON_API_HOST);
  await once(server, 'listening');
  log.info({ port: (server.address() as AddressInfo).port }, 'api listening');

  await awaitDependency('mongodb', () => pingMongo(mongo), {
    deadlineMs,
    log,
    hint: 'Is MONGODB_URI right, and is the replica set initiated?',
  });
  if (config.CARILLON_BUILD_INDEXES) await buildIndexes(mongo);
  realtime.open();
  await awaitDependency(
    'temporal',
    async () => {
      await pingTemporal(client, 3_000);
      await registerSearchAttributes(client);
    },
    { deadlineMs, log, hint: 'Is TEMPORAL_ADDRESS right, and does TEMPORAL_NAMESPACE exist?' },
  );
  log.info('api ready');
  onStop(
    watchDependencies(
      { mongodb: () => pingMongo(mongo), temporal: () => pingTemporal(client, 3_000) },
      { log },
    ),
  );

  await closed;
  await realtime.close();
  await dependencies.channels.close();
  await client.connection.close();
  await mongo.close();
  await process.end();
  log.info('api stopped');
});
