import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import type { ApiDependencies } from '../api/dependencies.js';
import { apiDependencies } from '../api/dependencies.js';
import { notificationTaskQueue } from '../contracts/ids.js';
import { AppLog } from '../embedded/app-log.js';
import { apiProcess, builtApps, workerProcess } from '../embedded/apps.js';
import type { Launch } from '../embedded/launch.js';
import { mongodbUri } from '../embedded/mongodb-server.js';
import { Ports } from '../embedded/ports.js';
import { createModels, type Models } from '../models/models.js';
import { loadConfig } from '../runtime/config.js';
import { createLogger } from '../runtime/logger.js';
import { openMongo } from '../runtime/mongodb.js';
import { lazyTemporalClient, registerSearchAttributes } from '../runtime/temporal.js';
import { Children } from './children.js';
import { startServers, type Servers } from './servers.js';
import type { SinkCounts } from './smtp-sink.js';

/** The namespace without workers: what is started there stays started. */
export const idleNamespace = 'bench-idle';

/** An API process of the product and the database behind it. */
export interface RunningApi {
  url: string;
  mongo: Connection;
  models: Models;
}

/** As many as the machine of the published figures has cores: one process has one thread for its JavaScript. */
export const bulkWorkers = ['bulk worker 1', 'bulk worker 2'] as const;

/** Everything that rows measure: real servers, the product's processes, the bare workflow's worker. */
export interface Stack {
  /** Where data and logs are. */
  folder: string;
  children: Children;
  servers: Servers;
  /** The product's environment here. */
  env: NodeJS.ProcessEnv;
  /** In the namespace in which the workers work. */
  client: Client;
  /** In the namespace without workers. */
  idleClient: Client;
  /** The product's main database. */
  api: RunningApi;
  /** What `accept` needs to start notifications from this process, just as the API does. */
  accepting: ApiDependencies;
  sinkCounts(): Promise<SinkCounts>;
  /** Starts another process of the product, profiled where that is asked for. */
  startNode(name: string, launch: Launch): Promise<void>;
  /** Another API process, named for the CPU figures, on another database or namespace. */
  startApi(name: string, place: { database: string; namespace: string }): Promise<RunningApi>;
  stop(): Promise<void>;
}

/** @param options.profile Node's CPU profiles of the product's processes go there when they end. */
export async function startStack(options: {
  folder: string;
  profile?: string;
  say: (text: string) => void;
}): Promise<Stack> {
  const { folder, profile, say } = options;
  const children = new Children(say);
  const opened: { close(): Promise<unknown> }[] = [];
  const profiled: string[] = [];
  const startNode = async (name: string, { plan, ...launch }: Launch) => {
    const own = { ...plan, logPath: join(folder, `${name.replace(' ', '-')}.log`) };
    if (profile === undefined) return children.start(name, { ...launch, plan: own });
    profiled.push(name);
    const args = ['--cpu-prof', `--cpu-prof-dir=${join(profile, name)}`, ...own.args];
    return children.start(name, { ...launch, plan: { ...own, args } });
  };
  const stop = async () => {
    for (const name of profiled) await children.stop(name);
    await Promise.allSettled(opened.map((one) => one.close()));
    await children.close();
  };
  try {
    const ports = new Ports();
    const servers = await startServers({
      folder,
      children,
      ports,
      namespaces: [idleNamespace],
      say,
    });
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      LOG_LEVEL: 'info',
      TEMPORAL_ADDRESS: servers.temporalAddress,
      TEMPORAL_NAMESPACE: 'default',
      MONGODB_URI: mongodbUri(servers.mongodbPort, 'carillon'),
      SMTP_URL: servers.smtpUrl,
      CARILLON_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      CARILLON_BOOTSTRAP_KEY: `ck_platform_${randomBytes(24).toString('base64url')}`,
      CARILLON_API_HOST: '127.0.0.1',
      CARILLON_BUILD_INDEXES: 'true',
      CARILLON_DRAIN_SECONDS: '5',
    };

    const startApi = async (
      name: string,
      place: { database: string; namespace: string },
    ): Promise<RunningApi> => {
      const port = String(await ports.take(0));
      const url = `http://127.0.0.1:${port}`;
      const uri = mongodbUri(servers.mongodbPort, place.database);
      const own = { ...env, MONGODB_URI: uri, TEMPORAL_NAMESPACE: place.namespace, CARILLON_API_PORT: port };
      const launch = apiProcess(builtApps.api, own, {
        endpoints: { api: url } as never,
        logFolder: folder,
        say,
      });
      await startNode(name, launch);
      const mongo = openMongo(uri, { name: 'carillon-bench' });
      opened.push(mongo);
      await mongo.asPromise();
      return { url, mongo, models: createModels(mongo, loadConfig(own).CARILLON_KEYS) };
    };

    say('starting the API and the workers');
    const api = await startApi('api', { database: 'carillon', namespace: 'default' });
    const workers = [
      { name: 'worker', queues: 'notifications' },
      ...bulkWorkers.map((name) => ({ name, queues: 'bulk' })),
    ];
    for (const { name, queues } of workers) {
      const own = {
        ...env,
        CARILLON_WORKER_QUEUES: queues,
        // As docker-compose.yml does: a page's worth is soon garbage, and a bounded heap is swept sooner.
        ...(queues === 'bulk' ? { NODE_OPTIONS: '--max-old-space-size=256' } : {}),
      };
      await startNode(
        name,
        workerProcess(builtApps.worker, own, { drainSeconds: 5, logFolder: folder, say }),
      );
    }
    await startNode('bare worker', bareWorkerProcess(env, { logFolder: folder, say }));

    const config = loadConfig(env);
    const client = lazyTemporalClient(config);
    const idleClient = lazyTemporalClient({ ...config, TEMPORAL_NAMESPACE: idleNamespace });
    opened.push(client.connection, idleClient.connection);
    await registerSearchAttributes(idleClient);
    return {
      folder,
      children,
      servers,
      env,
      client,
      idleClient,
      api,
      accepting: apiDependencies({
        config,
        models: api.models,
        client,
        log: createLogger({ level: 'silent', name: 'bench' }),
        taskQueue: notificationTaskQueue,
      }),
      sinkCounts: async () => (await (await fetch(servers.sinkUrl)).json()) as SinkCounts,
      startNode,
      startApi,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function bareWorkerProcess(
  env: NodeJS.ProcessEnv,
  options: { logFolder: string; say: (text: string) => void },
): Launch {
  const script = fileURLToPath(new URL('./bare-worker.js', import.meta.url));
  const log = new AppLog('Bare worker', 'worker ready', options.say);
  return {
    plan: {
      title: 'Bare worker',
      command: process.execPath,
      args: ['--enable-source-maps', script],
      env,
      logPath: join(options.logFolder, 'bare-worker.log'),
      onLine: log.onLine,
      stopWithinMs: 10_000,
    },
    isReady: () => log.isReady,
    readyWithinMs: 90_000,
  };
}
