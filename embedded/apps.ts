import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppLog } from './app-log.js';
import { demoTenant } from './demo-tenant.js';
import type { Endpoints } from './endpoints.js';
import type { Keys } from './keys.js';
import { answersOk, type Launch } from './launch.js';
import type { Settings } from './settings.js';

/** The programs that make up Carillon, as paths of JavaScript files. */
export interface AppScripts {
  api: string;
  worker: string;
}

/** The built API and worker, beside this file's own build. */
export const builtApps: AppScripts = {
  api: fileURLToPath(new URL('../api/main.js', import.meta.url)),
  worker: fileURLToPath(new URL('../worker/main.js', import.meta.url)),
};

/** The environment of the API and the worker: ours, with the addresses and keys of this data folder. */
export function appEnvironment(settings: Settings, keys: Keys, endpoints: Endpoints): NodeJS.ProcessEnv {
  return {
    ...process.env,
    TEMPORAL_ADDRESS: endpoints.temporal,
    TEMPORAL_NAMESPACE: endpoints.temporalNamespace,
    TEMPORAL_UI_URL: endpoints.temporalUi ?? '',
    MONGODB_URI: endpoints.mongodb,
    SMTP_URL: endpoints.smtp,
    CARILLON_MAIL_FROM: settings.CARILLON_MAIL_FROM,
    CARILLON_KEYS: keys.keys,
    CARILLON_BOOTSTRAP_KEY: keys.bootstrapKey,
    CARILLON_API_HOST: settings.CARILLON_API_HOST,
    CARILLON_API_PORT: new URL(endpoints.api).port,
    CARILLON_PUBLIC_URL: settings.CARILLON_PUBLIC_URL ?? endpoints.api,
    CARILLON_BUILD_INDEXES: 'true',
    CARILLON_ALLOW_PRIVATE_ADDRESSES: settings.CARILLON_ALLOW_PRIVATE_ADDRESSES,
    CARILLON_DRAIN_SECONDS: String(settings.CARILLON_DRAIN_SECONDS),
    LOG_LEVEL: settings.LOG_LEVEL,
    CARILLON_DEMO_TENANT: endpoints.demo === null ? '' : demoTenant,
    CARILLON_DEMO_MAIL_URL: endpoints.mail ?? '',
  };
}

/** The API, ready when it says that everything it needs is there. */
export function apiProcess(
  script: string,
  env: NodeJS.ProcessEnv,
  options: { endpoints: Endpoints; logFolder: string; say: (line: string) => void },
): Launch {
  const log = new AppLog('API', undefined, options.say);
  return {
    plan: {
      title: 'API',
      command: process.execPath,
      args: ['--enable-source-maps', script],
      env,
      logPath: join(options.logFolder, 'api.log'),
      onLine: log.onLine,
      stopWithinMs: 10_000,
    },
    isReady: () => answersOk(`${options.endpoints.api}/health/ready`),
    readyWithinMs: 90_000,
  };
}

/** The worker, ready when it logs `worker ready`. */
export function workerProcess(
  script: string,
  env: NodeJS.ProcessEnv,
  options: { drainSeconds: number; logFolder: string; say: (line: string) => void },
): Launch {
  const log = new AppLog('Worker', 'worker ready', options.say);
  return {
    plan: {
      title: 'Worker',
      command: process.execPath,
      args: ['--enable-source-maps', script],
      env,
      logPath: join(options.logFolder, 'worker.log'),
      onLine: log.onLine,
      stopWithinMs: (options.drainSeconds + 5) * 1000,
    },
    isReady: () => log.isReady,
    readyWithinMs: 90_000,
  };
}
