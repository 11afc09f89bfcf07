import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { Guard } from '../../embedded/guard.js';
import type { Launch } from '../../embedded/launch.js';
import { mongodbServer, mongodbUri } from '../../embedded/mongodb-server.js';
import { Ports } from '../../embedded/ports.js';
import { SupervisedChild, type ChildWatcher } from '../../embedded/process.js';
import { mongodBinary, temporalBinary, temporalTestServerBinary } from '../../embedded/servers/binaries.js';
import { temporalServer } from '../../embedded/temporal-server.js';

/** A real Temporal on a free port of this machine. */
export interface TestTemporal {
  /** Host and port of its gRPC. */
  address: string;
  /** Its Web UI, if asked for. */
  uiUrl?: string;
  stop: () => Promise<void>;
}

/** A real MongoDB replica set of one on a free port of this machine. */
export interface TestMongo {
  /** Without a database: `withDatabase` names one. */
  uri: string;
  stop: () => Promise<void>;
}

/** What a fault test does to a server whose data survive it. */
export interface Breakable {
  /** SIGKILL, like a crash or a lost machine; it stays away until `restart`. */
  kill: () => Promise<void>;
  /** Starts it again on the same port with the same data, and waits until it is ready. */
  restart: () => Promise<void>;
}

/** A Temporal development server in memory, with the embedded default's search attributes and dynamic configuration. */
export async function startTemporal(options: { ui?: boolean } = {}): Promise<TestTemporal> {
  const { address, uiUrl, stop } = await runTemporal(options);
  return { address, uiUrl, stop };
}

/** A Temporal development server with a database file, which can be killed and restarted. */
export async function startDurableTemporal(
  options: { ui?: boolean } = {},
): Promise<TestTemporal & Breakable> {
  return runTemporal({ ...options, isDurable: true });
}

/** A MongoDB replica set whose data vanish with it. */
export async function startMongo(): Promise<TestMongo> {
  const systemBinary = await mongodBinary(print);
  // The library would warn that the binary is not of the version that it would have downloaded.
  process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK = 'false';
  const replicaSet = await MongoMemoryReplSet.create({
    binary: { systemBinary },
    replSet: { count: 1, storageEngine: 'wiredTiger' },
    instanceOpts: [{ args: ['--wiredTigerCacheSizeGB', '0.5'], launchTimeout: 60_000 }],
  });
  return {
    uri: replicaSet.getUri(),
    stop: async () => {
      await replicaSet.stop();
    },
  };
}

/** A MongoDB replica set with a data folder, which can be killed and restarted. */
export async function startDurableMongo(): Promise<TestMongo & Breakable> {
  const binary = await mongodBinary(print);
  const dataFolder = await mkdtemp(join(tmpdir(), 'carillon-mongodb-'));
  const port = await portAwayFromTheSystems();
  const logPath = join(dataFolder, 'mongodb.log');
  const server = await runServer(mongodbServer({ binary, port, dataFolder, logPath }), dataFolder);
  return { uri: mongodbUri(port, ''), ...server };
}

/** Path of Temporal's time-skipping server, for `TestWorkflowEnvironment.createTimeSkipping`. */
export function timeSkippingServer(): Promise<string> {
  return temporalTestServerBinary(print);
}

/** The same server, another database: each test file uses one of its own. */
export function withDatabase(uri: string, database: string): string {
  return uri.replace(/^(mongodb(?:\+srv)?:\/\/[^/]+)\/?[^?]*/, `$1/${database}`);
}

const ports = new Ports();

/**
 * Below the system's own ports for outgoing connections (32768 and up on Linux): one of those, made while a killed
 * server is away, could take its port.
 */
export const portAwayFromTheSystems = () => ports.take(10_000 + Math.floor(Math.random() * 20_000));

async function runTemporal(options: {
  ui?: boolean;
  isDurable?: boolean;
}): Promise<TestTemporal & Breakable> {
  const binary = await temporalBinary(print);
  const folder = await mkdtemp(join(tmpdir(), 'carillon-temporal-'));
  const port = await portAwayFromTheSystems();
  const uiPort = options.ui ? await portAwayFromTheSystems() : undefined;
  const launch = temporalServer({
    binary,
    port,
    httpPort: await portAwayFromTheSystems(),
    uiPort,
    namespace: 'default',
    databaseFile: options.isDurable ? join(folder, 'temporal.db') : undefined,
    // Else a closed run that is deleted is there for another half minute.
    dynamicConfig: [
      'history.transferProcessorUpdateAckInterval="500ms"',
      'history.visibilityProcessorUpdateAckInterval="500ms"',
    ],
    logPath: join(folder, 'temporal.log'),
  });
  const server = await runServer(launch, folder);
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    ...server,
  };
}

/** Runs a server whose data are in `folder`, which goes with it. */
export async function runServer(
  launch: Launch,
  folder: string,
): Promise<Breakable & { stop: () => Promise<void> }> {
  const child = new SupervisedChild(launch.plan, watcher());
  const start = () => child.start(launch.isReady, launch.readyWithinMs);
  await start();
  return {
    kill: () => child.stop('at once'),
    restart: start,
    stop: async () => {
      await child.stop('at once');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let guard: Guard | undefined;

/** A test run that is killed leaves no server behind. */
function watcher(): ChildWatcher {
  const watching = (guard ??= new Guard());
  return {
    began: (_title, child) => watching.watch(child.pid),
    ended: (child) => watching.forget(child.pid),
    say: print,
  };
}

/** Tells whoever runs the tests. */
export function print(text: string): void {
  process.stderr.write(`${text}\n`);
}
