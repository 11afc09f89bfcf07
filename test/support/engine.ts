import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  type Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { Connection } from 'mongoose';
import { createApp } from '../../api/app.js';
import { apiDependencies } from '../../api/dependencies.js';
import type { LiveConnections } from '../../api/realtime/live-connections.js';
import { Realtime } from '../../api/realtime/realtime.js';
import type { RealtimeSettings } from '../../api/realtime/settings.js';
import { deploymentChannels } from '../../channels/deployment-channels.js';
import { buildIndexes, createModels, type Models } from '../../models/models.js';
import { deploymentPredictor } from '../../policy/deployment-predictor.js';
import { loadConfig, type Config } from '../../runtime/config.js';
import { loadModules } from '../../runtime/load-modules.js';
import { createLogger } from '../../runtime/logger.js';
import type { Metrics } from '../../runtime/metrics/metrics.js';
import { startTracing, type Tracing } from '../../runtime/tracing/start.js';
import { openMongo } from '../../runtime/mongodb.js';
import { lazyTemporalClient, registerSearchAttributes } from '../../runtime/temporal.js';
import { compileBuiltInLayout } from '../../templates/compile-mjml.js';
import { bundleWorkflows } from '../../worker/bundle.js';
import { createBulkWorker, createWorker } from '../../worker/create-worker.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { startEventWork } from '../../worker/event-work.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { withDatabase } from './servers.js';
import { startSmtpServer, type TestSmtpServer } from './smtp-server.js';

/** The product in this process, over real servers: API on a free port, a worker, an SMTP server, a database of its own. */
export interface Engine {
  api: ApiCaller;
  url: string;
  config: Config;
  client: Client;
  models: Models;
  /** Who is connected to its API. */
  live: LiveConnections;
  mongo: Connection;
  smtp: TestSmtpServer;
  taskQueue: string;
  bootstrapKey: string;
  /** A worker beside, or instead of, the one that was started; `stop` drains it. */
  startWorker(overrides?: NodeJS.ProcessEnv): Promise<RunningWorker>;
  stop(): Promise<void>;
}

export interface RunningWorker {
  /** As its process would serve them. */
  metrics: Metrics;
  stop(): Promise<void>;
}

export interface ApiAnswer {
  status: number;
  // Tests read answers of every shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  headers: Headers;
}

/** Calls the API as somebody: a platform operator for a tenant by default, or the holder of a token. */
export type ApiCaller = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options?: { token?: string; tenant?: string | null; headers?: Record<string, string>; raw?: string },
) => Promise<ApiAnswer>;

export interface EngineSettings {
  temporalAddress: string;
  mongodbUri: string;
  /** More environment, as `runtime/config.ts` reads it. */
  env?: NodeJS.ProcessEnv;
  /** False where the test starts its own. */
  worker?: boolean;
  /** True where its workers have the role `events` too. */
  events?: boolean;
  /** A Temporal client of another kind, e.g. the time-skipping environment's. */
  client?: Client;
  /** Of its sockets, where a test cannot wait for the usual. */
  realtime?: Partial<RealtimeSettings>;
  /** The tenant that calls act in. Made here. Default `acme`, in Europe/Paris. */
  tenant?: { id: string; timezone: string };
}

// The SDK speaks up about errors only; each worker's start and stop would drown the tests' own lines.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

const workflowsPath = fileURLToPath(new URL('../../workflows/workflows.ts', import.meta.url));
let bundle: Promise<WorkflowBundleOption> | undefined;

/** The workflows, bundled once per test process. */
export function testBundle(): Promise<WorkflowBundleOption> {
  return (bundle ??= bundleWorkflows(workflowsPath));
}

let traced: Promise<WorkflowBundleOption> | undefined;

/** The same with what traces them. */
export function tracedBundle(): Promise<WorkflowBundleOption> {
  return (traced ??= bundleWorkflows(workflowsPath, true));
}

export async function startEngine(settings: EngineSettings): Promise<Engine> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const smtp = await startSmtpServer();
  const bootstrapKey = `ck_platform_${randomBytes(24).toString('base64url')}`;
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    TEMPORAL_ADDRESS: settings.temporalAddress,
    MONGODB_URI: withDatabase(settings.mongodbUri, name),
    SMTP_URL: smtp.url,
    CARILLON_BOOTSTRAP_KEY: bootstrapKey,
    CARILLON_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    CARILLON_DRAIN_SECONDS: '5',
    ...settings.env,
  };
  const config = loadConfig(env);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'test' });
  const mongo = openMongo(config.MONGODB_URI, { name });
  await mongo.asPromise();
  const models = createModels(mongo, config.CARILLON_KEYS);
  await buildIndexes(mongo);
  const tracing = await startTracing(config, 'test');
  const client = settings.client ?? lazyTemporalClient(config, tracing);
  if (!settings.client) await registerSearchAttributes(client);
  const taskQueue = name;

  const channels = await deploymentChannels(config, loadModules);
  const predictor = await deploymentPredictor(config, loadModules, () => undefined);
  const dependencies = apiDependencies({ config, models, client, log, taskQueue, channels, predictor });
  const app = createApp(dependencies);
  const server = createServer(app);
  const realtime = new Realtime(server, app, dependencies, { farewellMs: 100, ...settings.realtime }).open();
  // Never closes a connection first: on a busy machine that would meet the caller's next request on its way.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tenant = settings.tenant ?? { id: 'acme', timezone: 'Europe/Paris' };
  const api = apiCaller(url, bootstrapKey, tenant.id);

  const workers: RunningWorker[] = [];
  const startWorker = async (overrides: NodeJS.ProcessEnv = {}): Promise<RunningWorker> => {
    const worker = await runWorker(loadConfig({ ...env, ...overrides }), taskQueue, {
      takesEvents: settings.events === true,
      tracing,
    });
    workers.push(worker);
    return worker;
  };
  const created = await api('POST', '/v1/tenants', {
    id: tenant.id,
    name: 'Acme',
    timezone: tenant.timezone,
  });
  if (created.status !== 201) throw new Error(`no tenant: ${JSON.stringify(created.body)}`);
  if (settings.worker !== false) await startWorker();

  return {
    api,
    url,
    config,
    client,
    models,
    live: dependencies.live,
    mongo,
    smtp,
    taskQueue,
    bootstrapKey,
    startWorker,
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all([closeServer(server), realtime.close()]);
      await dependencies.channels.close();
      if (!settings.client) await client.connection.close();
      await tracing?.stop();
      await mongo.dropDatabase();
      await mongo.close();
      await smtp.close();
    },
  };
}

async function runWorker(
  config: Config,
  taskQueue: string,
  { takesEvents, tracing }: { takesEvents: boolean; tracing: Tracing | undefined },
): Promise<RunningWorker> {
  const log = createLogger({ level: config.LOG_LEVEL, name: 'test-worker' });
  const mongo = openMongo(config.MONGODB_URI, { name: 'test-worker' });
  await mongo.asPromise();
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  // As the worker's process does: else the first mail takes so long that its provider counts as slow.
  await compileBuiltInLayout();
  const client = lazyTemporalClient(config, tracing);
  const dependencies = activityDependencies(config, {
    models: createModels(mongo, config.CARILLON_KEYS),
    runs: workflowRuns(client, taskQueue),
    log,
    channels: await deploymentChannels(config, loadModules),
    predictor: await deploymentPredictor(config, loadModules, () => undefined),
  });
  const options = { config, connection, dependencies, taskQueue, tracing: tracing?.forWorkers };
  const workers: Worker[] = [
    await createWorker({ ...options, bundle: await (tracing ? tracedBundle() : testBundle()) }),
    await createBulkWorker(options),
  ];
  const running = Promise.all(workers.map((worker) => worker.run()));
  const events = takesEvents ? await startEventWork({ config, dependencies, client, taskQueue }) : undefined;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all([running, events?.stop()]);
    await dependencies.channels.close();
    await connection.close();
    await client.connection.close();
    await mongo.close();
  };
  return { metrics: dependencies.metrics, stop: () => (stopped ??= stop()) };
}

/** Calls the API at `url` with a platform key for a tenant, unless told otherwise. */
export function apiCaller(url: string, bootstrapKey: string, tenantId: string): ApiCaller {
  return async (method, path, body, options = {}) => {
    const headers: Record<string, string> = {
      authorization: `Bearer ${options.token ?? bootstrapKey}`,
      ...(body === undefined && options.raw === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    };
    const tenant = options.tenant === undefined && options.token === undefined ? tenantId : options.tenant;
    if (tenant) headers['x-tenant-id'] = tenant;
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      body: options.raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      headers: response.headers,
    };
  };
}

/** Calls until `accept` says yes; rejects with the last answer after the deadline. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T>,
  accept: (value: T) => boolean,
  deadlineMs = 20_000,
): Promise<T> {
  const endMs = Date.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (accept(value)) return value;
    if (Date.now() > endMs)
      throw new Error(`${what}: not in time; last seen ${JSON.stringify(value)?.slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
