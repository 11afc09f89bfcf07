import { buildIndexes, createModels, pingMongo } from '../models/models.js';
import { loadConfig } from '../runtime/config.js';
import { createLogger } from '../runtime/logger.js';
import { openMongo } from '../runtime/mongodb.js';
import { runProcess } from '../runtime/run-process.js';
import { awaitDependency } from '../runtime/start-up.js';

/** `npm run indexes`: creates the indexes that are missing, which production never does by surprise. */
await runProcess('indexes', async () => {
  const config = loadConfig();
  const log = createLogger({ level: config.LOG_LEVEL, name: 'indexes' });
  const mongo = openMongo(config.MONGODB_URI, { name: 'carillon-indexes' });
  await awaitDependency('mongodb', () => pingMongo(mongo), {
    deadlineMs: Date.now() + config.CARILLON_START_DEADLINE_SECONDS * 1000,
    log,
    hint: 'Is MONGODB_URI right, and is the replica set initiated?',
  });
  createModels(mongo, config.CARILLON_KEYS);
  await buildIndexes(mongo);
  log.info('indexes built');
  await mongo.close();
});
