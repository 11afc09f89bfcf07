import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKafkaIntake, type KafkaIntake } from '../../events/kafka/consumer.js';
import { loadConfig } from '../../runtime/config.js';
import { createLogger } from '../../runtime/logger.js';
import { Metrics } from '../../runtime/metrics/metrics.js';
import { TypeRegistry } from '../../templates/type-registry.js';
import { eventually } from '../support/engine.js';
import { kafkaBrokers, TestTopics, type TestRecord } from '../support/kafka.js';
import { startChecked, type CheckedEngine, type Page } from '../unit/api-checked.js';

interface EventView {
  id: string;
  status: string;
  reason: string | null;
  source: string;
  repeats: number;
  position: { topic: string; partition: number; offset: string } | null;
  steps: { rule: string; status: string; notificationId?: string; error?: { detail: string } }[];
}

let engine: CheckedEngine;
let topics: TestTopics;
let brokers: string;
let orders: string;
let own: string;
let dead: string;
let deadLetters: readonly TestRecord[];
let intake: KafkaIntake | undefined;
const group = `carillon-${process.pid}-${Date.now()}`;

beforeAll(async () => {
  brokers = await kafkaBrokers();
  topics = new TestTopics(brokers);
  [engine, [orders = '', own = '', dead = '']] = await Promise.all([
    startChecked({ worker: false }),
    topics.make(['orders', 'own', 'dead']),
  ]);
  const rule = {
    name: 'orders',
    sources: [orders, own],
    when: { field: 'event_type', equals: 'order_shipped' },
    then: {
      do: 'trigger',
      notification: {
        type: 'system',
        to: { recipient: '{{ user }}' },
        content: { in_app: { title: 'Order {{ number }}', message: 'It is on its way' } },
        data: { number: '{{ number }}' },
      },
    },
  };
  expect((await engine.call('POST', '/v1/event-rules', rule)).status).toBe(201);
  deadLetters = await topics.read(dead);
  intake = startIntake();
});
afterAll(async () => {
  await intake?.stop();
  await topics.close();
  await engine.stop();
});

function startIntake(env: NodeJS.ProcessEnv = {}): KafkaIntake | undefined {
  const { models, client, taskQueue } = engine;
  const config = loadConfig({
    MONGODB_URI: engine.config.MONGODB_URI,
    KAFKA_BROKERS: brokers,
    CARILLON_KAFKA_TOPICS: `${orders},${own}=${engine.tenantId}`,
    CARILLON_KAFKA_GROUP: group,
    CARILLON_KAFKA_DEAD_LETTER_TOPIC: dead,
    ...env,
  });
  return startKafkaIntake(config, {
    config,
    models,
    client,
    taskQueue,
    log: createLogger({ level: process.env.TEST_LOG_LEVEL ?? 'silent', name: 'intake' }),
    metrics: new Metrics(),
    types: new TypeRegistry(models.notificationTypes, models.templates),
    ownChannels: [],
  });
}

const shipped = (user: string, more: object = {}) => ({
  event_type: 'order_shipped',
  tenant_id: engine.tenantId,
  user,
  number: 7,
  ...more,
});

async function eventsFor(recipient: string, count = 1): Promise<EventView[]> {
  const { body } = await eventually(
    `${count} events for ${recipient}`,
    () => engine.call<Page<EventView>>('GET', `/v1/events?recipient=${recipient}`),
    (answer) => answer.body.items.length >= count,
  );
  return body.items;
}

/** The dead letter whose value holds the text. */
async function deadLetter(text: string): Promise<TestRecord> {
  return eventually(
    `dead letter ${text}`,
    () => Promise.resolve(deadLetters.find(({ value }) => value.includes(text))),
    (found) => found !== undefined,
  ) as Promise<TestRecord>;
}

describe('an event of a topic', () => {
  it('starts what its tenant’s rule says, and is listed with it', async () => {
    await topics.write(orders, [{ value: shipped('u-1') }]);
    const [event] = await eventsFor('u-1');
    expect(event).toMatchObject({ status: 'accepted', source: orders, position: { topic: orders } });
    const { body } = await engine.call<{ type: string; recipient: string; data: object }>(
      'GET',
      `/v1/notifications/${event?.steps[0]?.notificationId}`,
    );
    expect(body).toMatchObject({ type: 'system', recipient: 'u-1', data: { number: 7 } });
  });

  it('belongs to the one tenant of its topic, whether it says so or not', async () => {
    const { tenant_id: _tenant, ...silent } = shipped('u-2');
    await topics.write(own, [{ value: silent }]);
    expect(await eventsFor('u-2')).toHaveLength(1);
  });

  it('may name its tenant in a header', async () => {
    const { tenant_id: _tenant, ...silent } = shipped('u-3');
    await topics.write(orders, [{ value: silent, headers: { 'Tenant-Id': engine.tenantId } }]);
    expect(await eventsFor('u-3')).toHaveLength(1);
  });

  it('leads to nothing more when it comes again under its own ID', async () => {
    const value = shipped('u-4', { event_id: 'order-7-shipped' });
    await topics.write(orders, [
      { value, partition: 0 },
      { value, partition: 0 },
      { value: shipped('u-4-after'), partition: 0 },
    ]);
    await eventsFor('u-4-after');
    const events = await eventually(
      'told as a repetition',
      () => eventsFor('u-4'),
      ([event]) => event?.repeats === 1,
    );
    expect(events).toHaveLength(1);
  });

  it('commits what it has taken, so that another consumer goes on behind it', async () => {
    await intake?.stop();
    const before = deadLetters.length;
    await topics.write(orders, [{ value: shipped('u-5') }]);
    intake = startIntake();
    expect(await eventsFor('u-5')).toHaveLength(1);
    expect(await eventsFor('u-1')).toMatchObject([{ repeats: 0 }]);
    expect(deadLetters).toHaveLength(before);
  });

  it('is taken in the order of its partition', async () => {
    const values = Array.from({ length: 30 }, (_, index) => ({
      value: shipped('u-6', { number: index }),
      partition: 1,
    }));
    await topics.write(orders, values);
    const events = await eventsFor('u-6', 20);
    const all = await eventually(
      'all',
      () => engine.call<Page<EventView>>('GET', '/v1/events?recipient=u-6&limit=100'),
      ({ body }) => body.items.length === 30,
    );
    expect(events.length).toBeGreaterThan(0);
    const accepted = await Promise.all(
      all.body.items.map(async ({ position, steps }) => {
        const run = engine.client.workflow.getHandle(
          `notification/${engine.tenantId}/${steps[0]?.notificationId}`,
        );
        return { offset: Number(position?.offset), at: (await run.describe()).startTime.getTime() };
      }),
    );
    const inOrder = accepted.sort((one, other) => one.offset - other.offset).map(({ at }) => at);
    expect(inOrder).toEqual([...inOrder].sort((one, other) => one - other));
  });
});

describe('what cannot be taken', () => {
  const cases: [
    string,
    () => { value: object | string | Buffer; timestamp?: string; headers?: object },
    string,
  ][] = [
    ['no JSON', () => ({ value: 'no JSON: marker-1' }), 'not_json'],
    ['no object', () => ({ value: '["marker-2"]' }), 'not_an_object'],
    ['without a tenant', () => ({ value: { event_type: 'marker-3' } }), 'no_tenant'],
    [
      'of a tenant that is not there',
      () => ({ value: { tenant_id: 'nobody', x: 'marker-4' } }),
      'unknown_tenant',
    ],
    [
      'of another tenant than its header says',
      () => ({ value: shipped('marker-5'), headers: { 'tenant-id': 'other' } }),
      'another_tenant',
    ],
    [
      'from the future',
      () => ({ value: shipped('marker-6', { timestamp: new Date(Date.now() + 3_600_000) }) }),
      'from_the_future',
    ],
    [
      'from the future by its record',
      () => ({ value: shipped('marker-7'), timestamp: String(Date.now() + 3_600_000) }),
      'from_the_future',
    ],
    ['for no rule', () => ({ value: shipped('marker-8', { event_type: 'else' }) }), 'unmatched'],
    ['that its rule cannot make a trigger of', () => ({ value: shipped('', { x: 'marker-9' }) }), 'refused'],
    [
      'larger than 1 MiB',
      () => ({ value: shipped('marker-10', { blob: 'x'.repeat(1_100_000) }) }),
      'too_large',
    ],
    [
      'nested too deeply',
      () => ({ value: `{"marker-11":${'['.repeat(100)}${']'.repeat(100)}}` }),
      'too_deep',
    ],
  ];

  it.each(cases)('%s is set aside with the reason, and stops nothing', async (_name, record, reason) => {
    const given = record();
    const text = JSON.stringify(given.value);
    const marker = /marker-\d+/.exec(text)?.[0] ?? '';
    await topics.write(orders, [
      { ...(given as { value: object }), partition: 0 },
      { value: shipped(`after-${marker}`), partition: 0 },
    ]);
    expect(await eventsFor(`after-${marker}`)).toHaveLength(1);
    const letter = await deadLetter(marker);
    expect(letter.headers).toMatchObject({
      'carillon-reason': reason,
      'carillon-topic': orders,
      'carillon-partition': '0',
    });
    expect(letter.headers['carillon-offset']).toMatch(/^\d+$/);
  });

  it('says in the list why the event of a tenant was refused', async () => {
    const { body } = await engine.call<Page<EventView>>('GET', '/v1/events?status=refused');
    const reasons = body.items.map(({ reason, steps }) => reason ?? steps[0]?.error?.detail);
    expect(reasons).toContain('from_the_future');
    expect(reasons.join()).toContain('then.notification.to');
  });
});
