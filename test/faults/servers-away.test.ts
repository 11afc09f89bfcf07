import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type AppProcess } from '../support/app-process.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { eventually } from '../support/engine.js';

let cluster: Cluster;
let api: AppProcess;
let worker: AppProcess;

beforeAll(async () => {
  cluster = await startCluster();
  api = await cluster.startApi();
  worker = await cluster.startWorker();
  await cluster.api(
    'POST',
    '/v1/tenants',
    { id: 'acme', name: 'Acme', timezone: 'Europe/Paris' },
    { tenant: null },
  );
});
afterAll(() => cluster.stop());

const trigger = (recipient: string, more: object = {}) => ({
  type: 'approval_request',
  to: { recipient: { id: recipient, email: `${recipient}@example.com` } },
  data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
  ...more,
});
const ready = () => cluster.api('GET', '/health/ready');

describe('while MongoDB is away', () => {
  it('answers 503, names it, loses nothing accepted, and recovers by itself', async () => {
    const accepted = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        cluster.api('POST', '/v1/notifications', trigger(`m-${index}`)),
      ),
    );
    expect(accepted.map(({ status }) => status)).toEqual(Array(20).fill(202));
    await cluster.mongo.kill();

    const refused = await cluster.api('GET', '/v1/notifications');
    expect(refused.status).toBe(503);
    expect(refused.body.code).toBe('unavailable');
    expect((await cluster.api('POST', '/v1/notifications', trigger('m-late'))).status).toBe(503);
    expect((await ready()).body).toEqual({
      ready: false,
      dependencies: { mongodb: { ready: false }, temporal: { ready: true } },
    });
    expect((await cluster.api('GET', '/health/live')).status).toBe(200);

    for (const app of [api, worker]) {
      expect(await app.logged('dependency is lost')).toMatchObject({ level: 'error', dependency: 'mongodb' });
    }

    await cluster.mongo.restart();
    for (const app of [api, worker]) {
      expect(await app.logged('dependency is back')).toMatchObject({ dependency: 'mongodb' });
    }
    await eventually('ready', ready, ({ status }) => status === 200);
    for (const { body } of accepted) await cluster.reached(body.id, 'sent');
    const reached = new Set(cluster.smtp.mails.flatMap((mail) => mail.envelope.to));
    for (let index = 0; index < 20; index += 1) expect(reached).toContain(`m-${index}@example.com`);
  });
});

describe('while Temporal is away', () => {
  it('refuses triggers with 503, still answers reads, keeps what waits, and recovers by itself', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const held = await cluster.api('POST', '/v1/notifications?wait=decision', trigger('t-held', { sendAt }));
    await cluster.temporal.kill();

    const refused = await cluster.api('POST', '/v1/notifications', trigger('t-late'));
    expect(refused.status).toBe(503);
    expect(refused.body.code).toBe('unavailable');
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await cluster.api('GET', `/v1/notifications/${held.body.id}`)).body.status).toBe('held');
    expect((await ready()).body.dependencies).toEqual({
      mongodb: { ready: true },
      temporal: { ready: false },
    });

    const lost = (app: AppProcess) => app.lines.filter(({ msg }) => msg === 'dependency is lost');
    for (const app of [api, worker]) {
      await eventually(
        'said so',
        () => Promise.resolve(lost(app)),
        (lines) => lines.length === 2,
        30_000,
      );
      expect(lost(app)[1]).toMatchObject({ level: 'error', dependency: 'temporal' });
    }

    await cluster.temporal.restart();
    await eventually('ready', ready, ({ status }) => status === 200);
    expect((await cluster.api('POST', `/v1/notifications/${held.body.id}/expedite`)).status).toBe(202);
    await cluster.reached(held.body.id, 'sent');
    const again = await cluster.api('POST', '/v1/notifications', trigger('t-again'));
    expect(again.status).toBe(202);
    await cluster.reached(again.body.id, 'sent');
  });
});

describe.concurrent('at the start', () => {
  const unreachable = {
    TEMPORAL_ADDRESS: '127.0.0.1:9',
    MONGODB_URI: 'mongodb://127.0.0.1:9/x?replicaSet=none',
  };

  it.each(['api', 'worker'] as const)(
    'the %s says what it waits for, and ends with 1 at its deadline',
    async (name) => {
      const app = startApp(name, {
        ...cluster.env,
        ...unreachable,
        CARILLON_API_PORT: '0',
        CARILLON_START_DEADLINE_SECONDS: '3',
      });
      const line = await app.logged('dependency is away');
      expect(line).toMatchObject({ level: 'warn', dependency: 'mongodb' });
      expect(await app.ended).toBe(1);
      expect(app.lines.at(-1)?.msg).toContain('mongodb did not answer in time');
    },
  );

  it('the API listens, is not ready, and names both', async () => {
    const app = startApp('api', { ...cluster.env, ...unreachable, CARILLON_API_PORT: '0' });
    const { port } = await app.logged('api listening');
    const response = await fetch(`http://127.0.0.1:${String(port)}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      ready: false,
      dependencies: { mongodb: { ready: false }, temporal: { ready: false } },
    });
    await app.kill();
  });

  it('a process whose environment is wrong names the variable, and not its value', async () => {
    const app = startApp('worker', { ...cluster.env, SMTP_URL: 'http://user:planted-secret@host' });
    expect(await app.ended).toBe(1);
    const text = JSON.stringify(app.lines);
    expect(text).toContain('SMTP_URL');
    expect(text).not.toContain('planted-secret');
  });
});
