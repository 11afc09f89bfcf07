import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../api/app.js';
import { apiDependencies } from '../../api/dependencies.js';
import type { LiveConnections } from '../../api/realtime/live-connections.js';
import { Realtime } from '../../api/realtime/realtime.js';
import type { RealtimeSettings } from '../../api/realtime/settings.js';
import { createModels, type Models } from '../../models/models.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { rowId } from '../../models/row-id.js';
import { loadConfig } from '../../runtime/config.js';
import { createLogger } from '../../runtime/logger.js';
import { openMongo } from '../../runtime/mongodb.js';
import type { Engine } from './engine.js';

/** A second API on the engine's database: what another process would be. */
export interface SecondApi {
  url: string;
  models: Models;
  live: LiveConnections;
  stop(): Promise<void>;
}

export async function startSecondApi(
  engine: Engine,
  given: {
    env?: NodeJS.ProcessEnv;
    realtime?: Partial<RealtimeSettings>;
    mongodbUri?: string;
    port?: number;
  } = {},
): Promise<SecondApi> {
  const { CARILLON_KEYS: ring } = engine.config;
  const config = {
    ...loadConfig({ MONGODB_URI: engine.config.MONGODB_URI, LOG_LEVEL: 'silent', ...given.env }),
    CARILLON_KEYS: ring,
    CARILLON_BOOTSTRAP_KEY: engine.bootstrapKey,
  };
  const log = createLogger({ level: process.env.TEST_LOG_LEVEL ?? 'silent', name: 'second' });
  const mongo = openMongo(given.mongodbUri ?? config.MONGODB_URI, { name: 'second-api' });
  await mongo.asPromise();
  const models = createModels(mongo, ring);
  const dependencies = apiDependencies({
    config,
    models,
    client: engine.client,
    log,
    taskQueue: engine.taskQueue,
  });
  const app = createApp(dependencies);
  const server = createServer(app);
  const realtime = new Realtime(server, app, dependencies, { farewellMs: 100, ...given.realtime }).open();
  server.listen(given.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    models,
    live: dependencies.live,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      await realtime.close();
      server.closeAllConnections();
      await closed;
      await dependencies.channels.close();
      await mongo.close();
    },
  };
}

/** What an item is made of: fields of its row, and of the trigger in it. */
export interface PutItem {
  title: string;
  row?: Partial<NotificationRow>;
  trigger?: Record<string, unknown>;
}

/** Puts items, or some with these titles, into a person's inbox, as a worker would; answers their IDs. */
export function inbox(engine: { models: Models; tenantId: string }, recipientId: string) {
  return async (...items: (string | PutItem)[]): Promise<string[]> => {
    const vault = await engine.models.dataKeys.vault(engine.tenantId);
    const rows = items.map((item) =>
      itemRow(engine.tenantId, recipientId, typeof item === 'string' ? { title: item } : item, (text) =>
        vault.seal(text),
      ),
    );
    await engine.models.notificationBulk.insert(rows);
    return rows.map(({ id }) => id);
  };
}

function itemRow(
  tenantId: string,
  recipientId: string,
  { title, row, trigger: more }: PutItem,
  seal: (text: string) => string,
): NotificationRow {
  const id = `ntf_${randomBytes(8).toString('hex')}`;
  const now = new Date();
  const trigger = {
    type: 'direct',
    to: { recipient: recipientId },
    data: {},
    actions: [],
    priority: 'normal',
    ...more,
  };
  return {
    _id: rowId(tenantId, id),
    tenantId,
    id,
    recipientId,
    type: 'direct',
    category: 'system',
    severity: 'info',
    icon: 'bell',
    color: '#2563eb',
    priority: 'normal',
    status: 'sent',
    createdAt: now,
    updatedAt: now,
    requestHash: '',
    trigger: seal(JSON.stringify(trigger)),
    plan: { sequence: 1, decidedAt: now, channels: { in_app: { action: 'send' } } },
    outcomes: { in_app: 'sent' },
    timeline: [],
    title,
    message: `About ${title}`,
    box: 'inbox',
    unread: true,
    unseen: true,
    inboxAt: now,
    purgeAt: new Date(now.getTime() + 86_400_000),
    ...row,
  };
}
