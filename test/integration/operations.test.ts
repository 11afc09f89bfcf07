import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { purgeAll } from '../../activities/housekeeping/purge.js';
import { rollUpAll } from '../../activities/housekeeping/roll-up.js';
import type { systemStatsView } from '../../api/views/system-stats.js';
import { buildIndexes } from '../../models/models.js';
import { slotOf } from '../../models/rollup-slots.js';
import { loadConfig } from '../../runtime/config.js';
import { createLogger } from '../../runtime/logger.js';
import { dataConverter } from '../../runtime/temporal.js';
import { Metrics } from '../../runtime/metrics/metrics.js';
import { startMetricsServer } from '../../runtime/metrics/server.js';
import type { PurgeOutcome } from '../../contracts/housekeeping.js';
import type { z } from 'zod';
import { eventually, testBundle, type RunningWorker } from '../support/engine.js';
import { startFakeHttp, type FakeHttp } from '../support/fake-http.js';
import { addPerson, notify, type Person } from '../support/runs.js';
import { keyOf, startChecked, type CheckedEngine } from '../unit/api-checked.js';

type Stats = z.infer<typeof systemStatsView>;

const METRICS_TOKEN = 'a-token-for-prometheus';
let engine: CheckedEngine;
let worker: RunningWorker;
let collector: FakeHttp;
let exports: string;
let person: Person;
let refused: Person;

beforeAll(async () => {
  collector = await startFakeHttp(() => ({ status: 200, body: '{}' }));
  exports = await mkdtemp(join(tmpdir(), 'carillon-purged-'));
  process.env.OTEL_BSP_SCHEDULE_DELAY = '100';
  engine = await startChecked({
    worker: false,
    env: {
      CARILLON_METRICS_TOKEN: METRICS_TOKEN,
      CARILLON_PURGE_EXPORT_DIR: exports,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    },
  });
  worker = await engine.startWorker();
  person = await addPerson(engine);
  refused = await addPerson(engine);
  engine.smtp.behave({
    at: 'recipient',
    do: { reply: '550 5.1.1 no such user' },
    to: new RegExp(refused.email),
  });
});
afterAll(async () => {
  await engine.stop();
  await collector.close();
  await rm(exports, { recursive: true, force: true });
  delete process.env.OTEL_BSP_SCHEDULE_DELAY;
});

/** Values of one figure, by its labels as they are written. */
function valuesOf(text: string, name: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return Object.fromEntries(
    lines.map((line) => {
      const [, labels = '', value] = /^\w+(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      return [labels, Number(value)];
    }),
  );
}

const scrape = (token = METRICS_TOKEN) =>
  fetch(`${engine.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });

describe('metrics', () => {
  it('tell what was accepted, planned, sent and failed, and why; of no tenant and no person', async () => {
    await (await notify(engine, person)).untilStatus('sent');
    await (await notify(engine, refused)).untilStatus('partial');
    await engine.call('GET', '/v1/subscribers/nobody-there');

    const api = await (await scrape()).text();
    expect(valuesOf(api, 'carillon_notifications_accepted_total')).toEqual({ 'via="api"': 2 });
    expect(valuesOf(api, 'carillon_http_request_duration_seconds_count')).toMatchObject({
      'method="POST",route="/v1/notifications",status="202"': 2,
      'method="GET",route="/v1/subscribers/{id}",status="404"': 1,
    });
    expect(valuesOf(api, 'carillon_task_queue_backlog')).toMatchObject({
      [`queue="${engine.taskQueue}",kind="workflow"`]: expect.any(Number) as number,
    });
    expect(valuesOf(api, 'carillon_sockets')).toEqual({
      'transport="websocket"': 0,
      'transport="polling"': 0,
    });

    const work = await worker.metrics.text();
    expect(valuesOf(work, 'carillon_notifications_planned_total')).toEqual({ 'status="sending"': 2 });
    expect(valuesOf(work, 'carillon_deliveries_sent_total')).toEqual({
      'channel="email",provider="smtp"': 1,
      'channel="in_app",provider="inbox"': 2,
    });
    expect(valuesOf(work, 'carillon_deliveries_failed_total')).toEqual({
      'channel="email",provider="smtp",reason="invalid_recipient"': 1,
    });
    expect(valuesOf(work, 'carillon_send_attempts_total')).toEqual({
      'channel="email",provider="smtp",outcome="sent"': 1,
      'channel="email",provider="smtp",outcome="invalid_recipient"': 1,
    });
    for (const text of [api, work])
      for (const secret of [engine.tenantId, person.id, person.email])
        expect(text.replaceAll(engine.taskQueue, '')).not.toContain(secret);
  });

  it('tell what waits', async () => {
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const run = await notify(engine, person, { sendAt: later });
    await run.untilStatus('held');
    // Another reader of the same figures would not wait for the next sample.
    expect(await engine.models.waitingCounts.ofAll()).toEqual({ held: 1, digesting: 0, parked: 0 });
    expect(await engine.models.waitingCounts.of('another')).toEqual({ held: 0, digesting: 0, parked: 0 });
    await engine.call('POST', `/v1/notifications/${run.id}/cancel`);
  });

  it('are for who has the token only, at the API and at a worker', async () => {
    const config = loadConfig({
      MONGODB_URI: engine.config.MONGODB_URI,
      CARILLON_METRICS_PORT: '0',
      CARILLON_METRICS_TOKEN: METRICS_TOKEN,
    });
    const served = await startMetricsServer(config, worker.metrics);
    try {
      const url = `http://127.0.0.1:${served?.port}`;
      const ask = async (path: string, token: string) =>
        (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
      expect(await ask('/metrics', METRICS_TOKEN)).toBe(200);
      expect(await ask('/metrics', 'a-token-of-somebody-else')).toBe(401);
      expect(await ask('/', METRICS_TOKEN)).toBe(404);
    } finally {
      await served?.close();
    }
    expect((await scrape('a-token-of-somebody-else')).status).toBe(401);
    expect((await fetch(`${engine.url}/metrics`)).status).toBe(401);
  });
});

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: { stringValue?: string } }[];
}
const spans = (): Span[] =>
  collector.requests.flatMap(({ body }) => {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
    };
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  });

it('has one trace from the request through workflow and activity to the provider', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const other = await addPerson(engine);
  const { status } = await engine.call(
    'POST',
    '/v1/notifications',
    {
      type: 'approval_request',
      to: { recipient: other.id },
      data: { contract: { title: 'Planted title' }, requester: 'Ann' },
    },
    { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } },
  );
  expect(status).toBe(202);
  const ours = await eventually(
    'a whole trace',
    () => Promise.resolve(spans().filter((span) => span.traceId === traceId)),
    (found) =>
      ['send email', 'RunWorkflow:notification'].every((name) => found.some((span) => span.name === name)),
  );
  const parents: string[] = [];
  const named = (id: string | undefined) => ours.find((span) => span.spanId === id);
  for (let span = ours.find(({ name }) => name === 'send email'); span; span = named(span.parentSpanId))
    parents.push(span.name);
  expect(parents).toEqual([
    'send email',
    'RunActivity:deliver',
    'StartActivity:deliver',
    'RunWorkflow:notification',
    'StartWorkflow:notification',
    'POST /v1/notifications',
  ]);
  const sent = ours.find(({ name }) => name === 'send email');
  expect(
    Object.fromEntries(sent?.attributes.map(({ key, value }) => [key, value.stringValue]) ?? []),
  ).toEqual({
    'carillon.channel': 'email',
    'carillon.provider': 'smtp',
    'carillon.outcome': 'sent',
  });
  const told = JSON.stringify(spans());
  expect(told).not.toContain('Planted');
  expect(told).not.toContain('@example.com');
});

it('a run that was traced goes on where nothing is traced any more', async () => {
  const run = await notify(engine, await addPerson(engine), {
    sendAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await run.untilStatus('held');
  await engine.call('POST', `/v1/notifications/${run.id}/expedite`);
  await run.untilStatus('sent');
  const workflowBundle = await testBundle();
  const replayed = { workflowBundle, dataConverter: dataConverter(engine.config.CARILLON_KEYS) };
  const history = await run.handle.fetchHistory();
  await expect(Worker.runReplayHistory(replayed, history, run.handle.workflowId)).resolves.toBeUndefined();
});

describe('housekeeping of the day', () => {
  const past = new Date(Date.now() - 3_600_000);

  const isStored = async (collection: string, id: string) =>
    (await engine.mongo.collection(collection).countDocuments({ tenantId: engine.tenantId, id })) === 1;

  const log = createLogger({ level: 'silent', name: 'test' });
  const rollUp = () => rollUpAll({ models: engine.models, log });

  /** Sent and counted, and past its time since. */
  async function sentDaysAgo(days: number): Promise<string> {
    const run = await notify(engine, person);
    await run.untilStatus('sent');
    const createdAt = new Date(Date.now() - days * 86_400_000);
    const of = { tenantId: engine.tenantId };
    const deliveries = { ...of, notificationId: run.id };
    const isOver = { $set: { purgeAt: past } };
    await engine.mongo
      .collection('deliveries')
      .updateMany(deliveries, { $set: { createdAt, dueAt: createdAt, updatedAt: new Date() } });
    await rollUp();
    await engine.mongo.collection('notifications').updateOne({ ...of, id: run.id }, isOver);
    await engine.mongo.collection('deliveries').updateMany(deliveries, isOver);
    await engine.mongo
      .collection('rollupSlots')
      .updateMany({ ...of, at: { $lte: createdAt } }, { $set: { purgeFrom: past } });
    return run.id;
  }

  it('finds gone from the list of the inbox what is past its time, before the night', async () => {
    const list = () =>
      engine.models.inbox.list(
        engine.tenantId,
        person.id,
        { filter: 'all', limit: 100 },
        new Date(),
        ({ id }) => id,
      );
    const before = (await list()).items;
    const id = await sentDaysAgo(5);
    expect(await isStored('notifications', id)).toBe(true);
    expect((await list()).items).toEqual(before);
  });

  it('removes nothing that cannot be written out first, and says why', async () => {
    const id = await sentDaysAgo(4);
    const file = join(exports, 'not-a-folder');
    await writeFile(file, '');
    const deps = {
      models: engine.models,
      metrics: new Metrics(),
      log,
      purgeExportDir: file,
    };
    const progress = { runId: 'a-run', isStopped: () => false, told: () => undefined };
    await expect(purgeAll(deps, new Date(), progress)).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(await isStored('notifications', id)).toBe(true);
    const run = await engine.models.housekeepingRuns.latest();
    expect(run).toMatchObject({ removed: {}, failure: expect.stringMatching(/ENOTDIR|EEXIST/) as string });
    expect(run).not.toHaveProperty('succeededAt');
    await rm(file);
  });

  it('writes out what is past its time, removes it, and tells how much; its figures stay', async () => {
    const id = await sentDaysAgo(3);
    const kept = await notify(engine, person);
    await kept.untilStatus('sent');
    await rollUp();
    const before = await analytics();
    const handle = await engine.client.workflow.start('housekeeping', {
      workflowId: `housekeeping/day-${person.id}`,
      taskQueue: engine.taskQueue,
      args: [{ what: 'day' }],
    });
    const { removed } = (await handle.result()) as PurgeOutcome;
    // Those that could not be written out before too, each with an inbox item and a mail.
    expect(removed).toMatchObject({ notifications: 3, deliveries: 6 });
    expect(await isStored('notifications', id)).toBe(false);
    expect(await isStored('notifications', kept.id)).toBe(true);

    const [day = ''] = await readdir(exports);
    const written = await readFile(join(exports, day, engine.tenantId, 'notifications.ndjson.gz'));
    const lines = gunzipSync(written).toString().trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toContain(id);
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(person.email);

    // Somebody opens the mail after all: its slot is looked at again, and keeps what it had.
    await engine.models.rollups.markStale(engine.tenantId, slotsOfDays(3, 4, 5), new Date());
    await rollUp();
    expect(await analytics()).toEqual(before);
    expect(before.total_sent).toBeGreaterThanOrEqual(6);

    const stats = await engine.call<Stats>('GET', '/v1/system/stats', undefined, { tenant: null });
    expect(stats.status).toBe(200);
    expect(await engine.models.housekeepingRuns.latest()).toMatchObject({
      removed,
      exported: removed,
      succeededAt: expect.any(Date) as Date,
    });
  });

  const slotsOfDays = (...days: number[]) => days.map((day) => slotOf(Date.now() - day * 86_400_000));

  async function analytics() {
    const { body } = await engine.call<{ total_sent: number; channel_usage: object }>(
      'GET',
      '/v1/analytics?days=10',
    );
    return { total_sent: body.total_sent, channel_usage: body.channel_usage };
  }
});

it('what MongoDB removed by itself in earlier versions it leaves to housekeeping', async () => {
  const audit = engine.mongo.collection('audit');
  await audit.dropIndex('purgeAt_1');
  await audit.createIndex({ purgeAt: 1 }, { expireAfterSeconds: 0 });
  await buildIndexes(engine.mongo);
  const index = (await audit.indexes()).find(({ name }) => name === 'purgeAt_1');
  expect(index).toBeDefined();
  expect(index).not.toHaveProperty('expireAfterSeconds');
});

describe('GET /v1/system/stats', () => {
  it('tells an operator of queues, workers, sockets, what waits and housekeeping', async () => {
    const { body } = await engine.call<Stats>('GET', '/v1/system/stats', undefined, { tenant: null });
    expect(body.queues.map(({ kind }) => kind)).toEqual(['workflow', 'activity', 'activity']);
    expect(body.workers?.length).toBeGreaterThan(0);
    expect(body.sockets).toMatchObject({ sockets: 0, processes: 1 });
    expect(body.waiting.capped).toBe(false);
  });

  it('shows a tenant’s admin nothing of other tenants’', async () => {
    const { key } = await keyOf(engine, ['admin']);
    const { body } = await engine.call<Stats>('GET', '/v1/system/stats', undefined, { token: key });
    expect(body).toMatchObject({ workers: null, housekeeping: null, waiting: { held: 0 } });
  });
});
