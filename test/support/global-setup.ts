import type { TestProject } from 'vitest/node';
import { startMongo, startTemporal } from './servers.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Host and port of the run's one Temporal server; each test file uses task queues of its own. */
    temporalAddress: string;
    /** Address of the run's one MongoDB replica set; each test file uses a database of its own (`withDatabase`). */
    mongodbUri: string;
  }
}

/** One Temporal and one MongoDB for the whole run. `inject('temporalAddress')` and `inject('mongodbUri')` name them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [temporal, mongo] = await Promise.all([startTemporal(), startMongo()]);
  project.provide('temporalAddress', temporal.address);
  project.provide('mongodbUri', mongo.uri);
  return async () => {
    await Promise.all([temporal.stop(), mongo.stop()]);
  };
}
