import { bareEnvironment, type Launch } from './launch.js';
import { becomesPrimary, replicaSetName } from './replica-set.js';

/** How to run one mongod as a replica set of one, which is what transactions and change streams need. */
export interface MongodbServerOptions {
  /** Path of `mongod`. */
  binary: string;
  /** On 127.0.0.1. It may differ from the last start's: the replica set is told. */
  port: number;
  /** An existing folder that keeps the data. */
  dataFolder: string;
  logPath: string;
  /** WiredTiger's cache in GB. Default 0.5: the rest of the machine belongs to the others. */
  cacheGb?: number;
}

/** Ready means: primary, so that it takes writes. */
export function mongodbServer(options: MongodbServerOptions): Launch {
  return {
    plan: {
      title: 'MongoDB',
      command: options.binary,
      args: [
        ...['--replSet', replicaSetName, '--dbpath', options.dataFolder],
        ...['--bind_ip', '127.0.0.1', '--port', String(options.port), '--nounixsocket', '--quiet'],
        ...['--wiredTigerCacheSizeGB', String(options.cacheGb ?? 0.5)],
        // Nobody can take over from the only member, so a stop need not wait 15 s for it.
        ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
        ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
      ],
      env: bareEnvironment(),
      logPath: options.logPath,
      stopWithinMs: 15_000,
    },
    isReady: () => becomesPrimary(options.port),
    readyWithinMs: 60_000,
  };
}

/** The address that clients use. */
export function mongodbUri(port: number, database: string): string {
  return `mongodb://127.0.0.1:${port}/${database}?replicaSet=${replicaSetName}`;
}
