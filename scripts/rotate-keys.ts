import { pingMongo } from '../models/models.js';
import { rotateDataKeys } from '../models/key-rotation.js';
import { ConfigError, loadConfig } from '../runtime/config.js';
import { createLogger } from '../runtime/logger.js';
import { openMongo } from '../runtime/mongodb.js';
import { runProcess } from '../runtime/run-process.js';
import { awaitDependency } from '../runtime/start-up.js';

/** `npm run rotate-keys`: wraps every tenant's data key with the first key of CARILLON_KEYS. Harmless when repeated. */
await runProcess('rotate-keys', async () => {
  const config = loadConfig();
  const ring = config.CARILLON_KEYS;
  if (!ring) throw new ConfigError('CARILLON_KEYS is missing: the new key first, then the old ones');
  const log = createLogger({ level: config.LOG_LEVEL, name: 'rotate-keys' });
  const mongo = openMongo(config.MONGODB_URI, { name: 'carillon-rotate-keys' });
  await awaitDependency('mongodb', () => pingMongo(mongo), {
    deadlineMs: Date.now() + config.CARILLON_START_DEADLINE_SECONDS * 1000,
    log,
    hint: 'Is MONGODB_URI right, and is the replica set initiated?',
  });
  const { rewrapped, failed, inUse } = await rotateDataKeys(mongo, ring, {
    onBatch: (done, total) => console.log(`${done} of ${total} data keys`),
  });
  await mongo.close();

  const current = inUse.get(ring.currentKeyId) ?? 0;
  console.log(`${rewrapped} wrapped anew; ${current} are under "${ring.currentKeyId}"`);
  for (const { scope, reason } of failed) console.error(`${scope}: ${reason}`);
  const old = ring.keyIds.filter((keyId) => keyId !== ring.currentKeyId);
  for (const keyId of old) {
    const left = inUse.get(keyId) ?? 0;
    console.log(
      left > 0
        ? `"${keyId}" still wraps ${left}: keep it, and run this again`
        : `"${keyId}" wraps none any more: it may go from CARILLON_KEYS once the runs that were started under it ` +
            `are out of Temporal, which is the namespace's retention after the last of them ended`,
    );
  }
  if (failed.length > 0) throw new Error(`${failed.length} data keys could not be opened`);
});
