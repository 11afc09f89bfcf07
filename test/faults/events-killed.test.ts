import type { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMongo } from '../../runtime/mongodb.js';
import { lazyTemporalClient } from '../../runtime/temporal.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { eventually } from '../support/engine.js';
import { startKafka, type TestKafka } from '../support/kafka-broker.js';
import { TestTopics } from '../support/kafka.js';
import { howMany } from '../support/long-tests.js';
import type { Breakable } from '../support/servers.js';

const EVENTS = howMany({ short: 300, long: 10_000 });
const PARTITIONS = 8;

let cluster: Cluster;
let kafka: TestKafka & Breakable;
let topics: TestTopics;
let mongo: Connection;
let temporal: Client;
const apps: AppProcess[] = [];

beforeAll(async () => {
  kafka = await startKafka();
  cluster = await startCluster({
    KAFKA_BROKERS: kafka.brokers,
    CARILLON_KAFKA_TOPICS: 'orders=acme',
  });
  topics = new TestTopics(kafka.brokers);
  await topics.makeExactly(['orders', 'carillon-dead-letters'], PARTITIONS);
  await cluster.startApi();
  const tenant = { id: 'acme', name: 'Acme', timezone: 'Europe/Paris' };
  await cluster.api('POST', '/v1/tenants', tenant, { tenant: null });
  const rule = await cluster.api('POST', '/v1/event-rules', {
    name: 'orders',
    sources: ['orders'],
    then: {
      do: 'trigger',
      notification: {
        type: 'system',
        to: { recipient: { id: '{{ user }}' } },
        content: { in_app: { title: 'Shipped', message: 'It is on its way' } },
      },
    },
  });
  expect(rule.status).toBe(201);
  mongo = openMongo(cluster.env.MONGODB_URI ?? '', { name: 'test' });
  await mongo.asPromise();
  temporal = lazyTemporalClient({
    TEMPORAL_ADDRESS: cluster.temporal.address,
    TEMPORAL_NAMESPACE: 'default',
    CARILLON_KEYS: undefined,
  });
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.kill()));
  await topics.close();
  await mongo.close();
  await temporal.connection.close();
  await Promise.all([cluster.stop(), kafka.stop()]);
});

/** One that only takes events in: nothing runs what it starts, so that the machine is the consumer's. */
async function startConsumer(): Promise<AppProcess> {
  const app = startApp('worker', { ...cluster.env, CARILLON_WORKER_QUEUES: 'events' });
  apps.push(app);
  await app.logged('worker ready');
  return app;
}

/** Of each notification that Temporal has. */
async function recipients(): Promise<string[]> {
  const found: string[] = [];
  for await (const { workflowId, searchAttributes } of temporal.workflow.list({
    query: 'WorkflowType = "notification"',
  })) {
    found.push(String(searchAttributes.CarillonRecipient?.[0] ?? workflowId));
  }
  return found;
}

const taken = () => mongo.collection('inboundEvents').countDocuments();
const atLeast = (count: number) =>
  eventually(`${count} events taken`, taken, (seen) => seen >= count, 120_000 + EVENTS * 30);
const startedAtLeast = (count: number) =>
  eventually(`${count} started`, recipients, (found) => found.length >= count, 120_000 + EVENTS * 30);

it(
  'loses no event and doubles none when the consumer is killed, and the broker restarted',
  async () => {
    const values = Array.from({ length: EVENTS }, (_, index) => ({
      value: { user: `person-${index}` },
      partition: index % PARTITIONS,
    }));
    await topics.write('orders', values);
    const first = await startConsumer();
    // Outcomes are stored many at a time, starts are seen one by one: it dies with some of them not stored.
    await startedAtLeast(EVENTS / 8);
    await first.kill();
    expect((await recipients()).length).toBeLessThan(EVENTS);

    await startConsumer();
    await startedAtLeast(EVENTS / 2);
    await kafka.kill();
    await kafka.restart();
    await atLeast(EVENTS);

    const started = await startedAtLeast(EVENTS);
    expect(started).toHaveLength(EVENTS);
    expect(new Set(started).size).toBe(EVENTS);
    const committed = () => topics.committed('carillon', 'orders');
    expect(await eventually('all committed', committed, (sum) => sum === EVENTS)).toBe(EVENTS);
    expect(await topics.read('carillon-dead-letters')).toEqual([]);
  },
  600_000 + EVENTS * 60,
);

it('waits while Temporal or MongoDB is away, and loses nothing of what comes meanwhile', async () => {
  const consumer = apps.at(-1);
  const some = (from: number) =>
    Array.from({ length: 20 }, (_, index) => ({ value: { user: `later-${from + index}` } }));
  const waits = () => consumer?.lines.filter(({ msg }) => msg.startsWith('event intake waits')).length ?? 0;
  const untilItWaits = (before: number) =>
    eventually(
      'it waits',
      () => Promise.resolve(waits()),
      (now) => now > before,
      60_000,
    );

  await cluster.temporal.kill();
  await topics.write('orders', some(0));
  await untilItWaits(0);
  await cluster.temporal.restart();
  await atLeast(EVENTS + 20);

  const before = waits();
  await cluster.mongo.kill();
  await topics.write('orders', some(20));
  await untilItWaits(before);
  await cluster.mongo.restart();
  await atLeast(EVENTS + 40);
  const all = await startedAtLeast(EVENTS + 40);
  expect(new Set(all).size).toBe(EVENTS + 40);
  expect(all).toHaveLength(EVENTS + 40);
}, 300_000);
