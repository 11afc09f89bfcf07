import { randomBytes } from 'node:crypto';
import { startApp, type AppProcess } from './app-process.js';
import { apiCaller, eventually, type ApiCaller } from './engine.js';
import {
  portAwayFromTheSystems,
  startDurableMongo,
  startDurableTemporal,
  withDatabase,
  type Breakable,
  type TestMongo,
  type TestTemporal,
} from './servers.js';
import { startSmtpServer, type TestSmtpServer } from './smtp-server.js';

/** Servers with disks of their own and the product's processes beside them: everything here can be killed. */
export interface Cluster {
  temporal: TestTemporal & Breakable;
  mongo: TestMongo & Breakable;
  smtp: TestSmtpServer;
  env: NodeJS.ProcessEnv;
  api: ApiCaller;
  url: string;
  /** Resolves when it is ready. */
  startApi(): Promise<AppProcess>;
  startWorker(): Promise<AppProcess>;
  /** Polls a notification until it has this status. */
  reached(id: string, status: string, deadlineMs?: number): Promise<Record<string, never>>;
  stop(): Promise<void>;
}

/** @param settings more environment for the product's processes. */
export async function startCluster(settings: NodeJS.ProcessEnv = {}): Promise<Cluster> {
  const [temporal, mongo, smtp] = await Promise.all([
    startDurableTemporal(),
    startDurableMongo(),
    startSmtpServer(),
  ]);
  const port = await portAwayFromTheSystems();
  const bootstrapKey = `ck_platform_${randomBytes(24).toString('base64url')}`;
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    TEMPORAL_ADDRESS: temporal.address,
    MONGODB_URI: withDatabase(mongo.uri, 'faults'),
    SMTP_URL: smtp.url,
    CARILLON_API_HOST: '127.0.0.1',
    CARILLON_API_PORT: String(port),
    CARILLON_BOOTSTRAP_KEY: bootstrapKey,
    CARILLON_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    CARILLON_DRAIN_SECONDS: '5',
    ...settings,
  };
  const url = `http://127.0.0.1:${port}`;
  const api = apiCaller(url, bootstrapKey, 'acme');
  const apps: AppProcess[] = [];
  const start = async (name: 'api' | 'worker') => {
    const app = startApp(name, env);
    apps.push(app);
    await app.logged(`${name} ready`);
    return app;
  };
  return {
    temporal,
    mongo,
    smtp,
    env,
    api,
    url,
    startApi: () => start('api'),
    startWorker: () => start('worker'),
    reached: async (id, status, deadlineMs = 60_000) => {
      const { body } = await eventually(
        `${id} ${status}`,
        () => api('GET', `/v1/notifications/${id}`),
        (answer) => answer.status === 200 && (answer.body as { status: string }).status === status,
        deadlineMs,
      );
      return body as Record<string, never>;
    },
    stop: async () => {
      await Promise.all(apps.map((app) => app.kill()));
      await Promise.all([temporal.stop(), mongo.stop(), smtp.close()]);
    },
  };
}
