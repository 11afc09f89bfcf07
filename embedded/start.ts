import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { apiProcess, appEnvironment, workerProcess, type AppScripts } from './apps.js';
import type { Endpoints } from './endpoints.js';
import type { Keys } from './keys.js';
import { mailCatcher } from './mail-catcher.js';
import { mongodbServer, mongodbUri } from './mongodb-server.js';
import { Ports } from './ports.js';
import type { Progress } from './progress.js';
import { mongodBinary, temporalBinary } from './servers/binaries.js';
import type { Settings } from './settings.js';
import type { Stack } from './stack.js';
import { temporalServer } from './temporal-server.js';

/** Where things are wanted; a taken port moves to the next free one. */
const preferred = {
  temporal: 7233,
  temporalHttp: 7243,
  temporalUi: 8233,
  mongodb: 27_117,
  smtp: 1025,
  mail: 1080,
};

interface ChosenPorts extends Record<keyof typeof preferred, number> {
  api: number;
}

/** Picks a port for everything that this start will run. */
export async function choosePorts(settings: Settings): Promise<ChosenPorts> {
  const ports = new Ports();
  return {
    api: await ports.take(settings.CARILLON_API_PORT),
    temporal: await ports.take(preferred.temporal),
    temporalUi: await ports.take(preferred.temporalUi),
    temporalHttp: await ports.take(preferred.temporalHttp),
    mongodb: await ports.take(preferred.mongodb),
    smtp: await ports.take(preferred.smtp),
    mail: await ports.take(preferred.mail),
  };
}

/** Addresses from the environment where given, else of what this start runs. */
export function describeEndpoints(settings: Settings, ports: ChosenPorts, keys: Keys): Endpoints {
  const ownTemporal = settings.TEMPORAL_ADDRESS === undefined;
  const api = `http://${reachable(settings.CARILLON_API_HOST)}:${ports.api}`;
  return {
    api,
    demo: isForThisMachine(settings) ? `${api}/demo` : null,
    temporal: settings.TEMPORAL_ADDRESS ?? `127.0.0.1:${ports.temporal}`,
    temporalNamespace: settings.TEMPORAL_NAMESPACE,
    temporalUi: settings.TEMPORAL_UI_URL ?? (ownTemporal ? `http://127.0.0.1:${ports.temporalUi}` : null),
    mongodb: settings.MONGODB_URI ?? mongodbUri(ports.mongodb, 'carillon'),
    smtp: settings.SMTP_URL ?? `smtp://127.0.0.1:${ports.smtp}`,
    mail: settings.SMTP_URL === undefined ? `http://127.0.0.1:${ports.mail}` : null,
    apiKey: keys.bootstrapKey,
  };
}

/** Whoever opens the demo page acts for its tenant, without a key. */
function isForThisMachine({
  CARILLON_API_HOST: host,
  CARILLON_PUBLIC_URL: publicUrl,
  NODE_ENV,
}: Settings): boolean {
  return (
    ['127.0.0.1', 'localhost', '::1'].includes(host) && publicUrl === undefined && NODE_ENV !== 'production'
  );
}

/** The host by which this machine reaches a server that listens on `host`. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** What a start works with. */
export interface StartContext {
  settings: Settings;
  keys: Keys;
  ports: ChosenPorts;
  endpoints: Endpoints;
  apps: AppScripts;
  stack: Stack;
  progress: Progress;
}

/**
 * Starts the servers that the environment does not name, then the API and the worker, which need them from their first
 * moment. Nobody needs the mail catcher before the first mail, so nobody waits for it.
 * @returns when everything is ready
 * @throws {BinaryNotFound}, {ChildFailed}, {StoppedWhileStarting}
 */
export async function startEverything(context: StartContext): Promise<void> {
  const { settings } = context;
  const nothing = Promise.resolve();
  const mail = settings.SMTP_URL === undefined ? startMailCatcher(context) : nothing;
  const servers = Promise.all([
    settings.MONGODB_URI === undefined ? startMongodb(context) : nothing,
    settings.TEMPORAL_ADDRESS === undefined ? startTemporal(context) : nothing,
  ]);
  await Promise.all([mail, servers.then(() => startApps(context))]);
}

async function startApps({ settings, keys, endpoints, apps, stack, progress }: StartContext): Promise<void> {
  const env = appEnvironment(settings, keys, endpoints);
  const logFolder = join(settings.dataFolder, 'logs');
  const say = (line: string) => progress.say(line);
  const api = apiProcess(apps.api, env, { endpoints, logFolder, say });
  const worker = workerProcess(apps.worker, env, {
    drainSeconds: settings.CARILLON_DRAIN_SECONDS,
    logFolder,
    say,
  });
  await Promise.all([
    stack.start('api', api, progress.step('API')),
    stack.start('worker', worker, progress.step('Worker')),
  ]);
}

async function startMongodb({ settings, ports, stack, progress }: StartContext): Promise<void> {
  const step = progress.step('MongoDB');
  const binary = await mongodBinary(step.update).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  const dataFolder = folder(settings, 'mongodb');
  const launch = mongodbServer({
    binary,
    port: ports.mongodb,
    dataFolder,
    logPath: join(settings.dataFolder, 'logs', 'mongodb.log'),
  });
  await stack.start('mongodb', launch, step);
}

async function startTemporal({ settings, ports, stack, progress }: StartContext): Promise<void> {
  const step = progress.step('Temporal');
  const binary = await temporalBinary(step.update).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  const launch = temporalServer({
    binary,
    port: ports.temporal,
    httpPort: ports.temporalHttp,
    uiPort: ports.temporalUi,
    namespace: settings.TEMPORAL_NAMESPACE,
    databaseFile: join(settings.dataFolder, 'temporal.db'),
    logPath: join(settings.dataFolder, 'logs', 'temporal.log'),
  });
  await stack.start('temporal', launch, step);
}

async function startMailCatcher({ settings, ports, stack, progress }: StartContext): Promise<void> {
  const launch = mailCatcher({
    smtpPort: ports.smtp,
    webPort: ports.mail,
    mailFolder: folder(settings, 'mail'),
    logPath: join(settings.dataFolder, 'logs', 'mail.log'),
  });
  await stack.start('mail', launch, progress.step('Mail catcher'));
}

function folder(settings: Settings, name: string): string {
  const path = join(settings.dataFolder, name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
