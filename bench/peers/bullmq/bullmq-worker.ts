import { z } from 'zod';
import { createModels, pingMongo } from '../../../models/models.js';
import { loadConfig } from '../../../runtime/config.js';
import { createLogger } from '../../../runtime/logger.js';
import { openMongo } from '../../../runtime/mongodb.js';
import { runProcess } from '../../../runtime/run-process.js';
import { compileBuiltInLayout } from '../../../templates/compile-mjml.js';
import { activityDependencies } from '../../../worker/dependencies.js';
import { createPeerWorker } from './create-peer-worker.js';

const environment = z.object({ PEER_REDIS_PORT: z.coerce.number() });

// What a team that queues with BullMQ would run in Carillon's place: a process as the bulk worker is one, with as
// many jobs under way as that has sends. Its heap is not bounded.
await runProcess('bullmq-worker', async ({ onStop }) => {
  const config = loadConfig();
  const { PEER_REDIS_PORT: port } = environment.parse(process.env);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'bullmq-worker' });
  const mongo = openMongo(config.MONGODB_URI, { name: 'bullmq-worker' });
  await pingMongo(mongo);
  const noRuns = () => Promise.reject(new Error('there are no workflows here'));
  const deps = activityDependencies(config, {
    models: createModels(mongo, config.CARILLON_KEYS),
    runs: {
      start: noRuns,
      redeliver: noRuns,
      retryWebhook: noRuns,
      collect: noRuns,
      cancel: noRuns,
      release: noRuns,
      watchProvider: noRuns,
      histories: {
        ofRecipients: () => {
          throw new Error('there are no workflows here');
        },
        end: noRuns,
        remove: noRuns,
        dropSchedule: noRuns,
      },
    },
    log,
  });
  await compileBuiltInLayout();

  const worker = createPeerWorker(deps, { port, concurrency: config.CARILLON_BULK_SENDS });
  onStop(() => void worker.close());
  await worker.waitUntilReady();
  log.info('worker ready');
  await worker.run();
  await deps.channels.close();
  await mongo.close();
});
