import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.js';
import { apiDependencies } from '../../api/dependencies.js';
import { createLogger } from '../../runtime/logger.js';
import { lazyTemporalClient } from '../../runtime/temporal.js';
import { apiCaller } from '../support/engine.js';
import {
  approval,
  checked,
  startChecked,
  type CheckedCaller,
  type CheckedEngine,
} from '../unit/api-checked.js';

// A second API over the same database, whose Temporal is not there.
let engine: CheckedEngine;
let server: Server;
let client: ReturnType<typeof lazyTemporalClient>;
let call: CheckedCaller;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
  const { config, models, taskQueue } = engine;
  client = lazyTemporalClient({ ...config, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  const log = createLogger({ level: 'silent', name: 'test' });
  server = createServer(createApp(apiDependencies({ config, models, client, log, taskQueue })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  call = checked(apiCaller(url, engine.bootstrapKey, engine.tenantId));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await client.connection.close();
  await engine.stop();
});

describe('while Temporal is away', () => {
  it.concurrent('a trigger answers 503 and when to try again', async () => {
    const answer = await call('POST', '/v1/notifications', approval('u-1'));
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(JSON.stringify(answer.body)).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
  });

  it.concurrent('a batch says so of each, and waits for the deadline once', async () => {
    const startMs = Date.now();
    const bodies = Array.from({ length: 40 }, () => approval('u-1'));
    const answer = await call<{ items: { statusCode: number }[] }>('POST', '/v1/notifications/batch', bodies);
    expect(answer.body.items.map(({ statusCode }) => statusCode)).toEqual(Array<number>(40).fill(503));
    expect(Date.now() - startMs).toBeLessThan(18_000);
  });

  it.concurrent('what is stored is read, and what is wrong is refused as ever', async () => {
    expect((await call('GET', '/v1/notifications')).status).toBe(200);
    expect((await call('POST', '/v1/notifications', { type: 'X' })).status).toBe(400);
    expect((await call('GET', '/health/live')).status).toBe(200);
  });

  it.concurrent('readiness names who is away', async () => {
    expect(await call<object>('GET', '/health/ready')).toMatchObject({
      status: 503,
      body: { ready: false, dependencies: { mongodb: { ready: true }, temporal: { ready: false } } },
    });
  });

  it.concurrent('the other API is ready', async () => {
    expect(await engine.call<object>('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { ready: true, dependencies: { mongodb: { ready: true }, temporal: { ready: true } } },
    });
  });
});
