import type { Connection } from 'mongoose';
import { readEndpoints } from '../embedded/read-endpoints.js';
import { loadKeys } from '../embedded/keys.js';
import { readSettings } from '../embedded/settings.js';
import { pingMongo } from '../models/models.js';
import { ConfigError, loadConfig, type Config } from '../runtime/config.js';
import { openMongo } from '../runtime/mongodb.js';
import { Failure } from './failure.js';

/**
 * The environment of a process of this deployment: ours, and where it names no MongoDB, that of the Carillon which runs
 * in this folder.
 */
export async function deploymentEnvironment(
  env: NodeJS.ProcessEnv = process.env,
): Promise<NodeJS.ProcessEnv> {
  if (env.MONGODB_URI) return env;
  const running = await readEndpoints(env.CARILLON_DATA_DIR || undefined).catch((error: Error) => {
    throw new Failure(`${error.message}\nOr name its database: MONGODB_URI, as its processes have it.`, {
      cause: error,
    });
  });
  return {
    ...env,
    MONGODB_URI: running.mongodb,
    TEMPORAL_ADDRESS: running.temporal,
    TEMPORAL_NAMESPACE: running.temporalNamespace,
    SMTP_URL: env.SMTP_URL ?? running.smtp,
    CARILLON_KEYS: loadKeys(readSettings(env)).keys,
  };
}

/** @throws {Failure} naming what is missing or wrong in the environment. */
export async function deploymentConfig(): Promise<Config> {
  const env = await deploymentEnvironment();
  try {
    return loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) throw new Failure(error.message, { cause: error });
    throw error;
  }
}

/** Runs with the deployment's database, and closes it whatever happens. @throws {Failure} where it is away. */
export async function withMongo<T>(config: Config, work: (mongo: Connection) => Promise<T>): Promise<T> {
  const mongo = openMongo(config.MONGODB_URI, { name: 'carillon-cli' });
  try {
    await pingMongo(mongo).catch((error: Error) => {
      throw new Failure(
        `MongoDB does not answer: is MONGODB_URI right, and is it running? ${error.message}`,
        {
          cause: error,
        },
      );
    });
    return await work(mongo);
  } finally {
    await mongo.close();
  }
}
