import type { TestProject } from 'vitest/node';
import { lazyKafka } from './kafka-broker.js';
import { startMongo, startTemporal } from './servers.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Host and port of the run's one Temporal server; each test file uses task queues of its own. */
    temporalAddress: string;
    /** Address of the run's one MongoDB replica set; each test file uses a database of its own (`withDatabase`). */
    mongodbUri: string;
    /** Where `kafkaBrokers()` asks for the run's one Kafka, which is started then. */
    kafkaUrl: string;
  }
}

/** One Temporal, one MongoDB and, where a test wants it, one Kafka for the whole run. `inject('temporalAddress')` and `inject('mongodbUri')` name them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [temporal, mongo, kafka] = await Promise.all([startTemporal(), startMongo(), lazyKafka()]);
  project.provide('temporalAddress', temporal.address);
  project.provide('mongodbUri', mongo.uri);
  project.provide('kafkaUrl', kafka.url);
  return async () => {
    await Promise.all([temporal.stop(), mongo.stop(), kafka.stop()]);
  };
}
