import { afterAll, beforeAll, expect, it } from 'vitest';
import { KAFKA_LEASE } from '../../events/outbound/kafka-sink.js';
import type { OutboundEvent } from '../../contracts/outbound-events.js';
import { eventually } from '../support/engine.js';
import { notificationOf } from '../support/event-receiver.js';
import { TestTopics, type TestRecord } from '../support/kafka.js';
import { startKafka } from '../support/kafka-broker.js';
import { approval, run, startChecked, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
let kafka: Awaited<ReturnType<typeof startKafka>>;
let topics: TestTopics;
let records: readonly TestRecord[];

beforeAll(async () => {
  kafka = await startKafka();
  topics = new TestTopics(kafka.brokers);
  const [topic = ''] = await topics.make(['events'], 3);
  engine = await startChecked({
    events: true,
    env: { KAFKA_BROKERS: kafka.brokers, CARILLON_KAFKA_EVENTS_TOPIC: topic, CARILLON_KAFKA_TOPICS: ' ' },
  });
  await eventually(
    'somebody reads',
    () => engine.models.leases.find(KAFKA_LEASE),
    (lease) => lease?.position?.token !== undefined,
  );
  records = await topics.read(topic);
});
afterAll(async () => {
  await engine.stop();
  await topics.close();
  await kafka.stop();
});

const told = (id: string) =>
  records
    .map(({ key, value, headers }) => ({ key, headers, event: JSON.parse(value) as OutboundEvent }))
    .filter(({ event }) => notificationOf(event) === id);
const untilTold = (id: string, deadlineMs?: number) =>
  eventually(
    `all of ${id}`,
    () => Promise.resolve(told(id)),
    (seen) => new Set(seen.map(({ event }) => event.id)).size === 4,
    deadlineMs,
  );

it('has each change once, what concerns one notification in its order, under a key of its own', async () => {
  const ids = [];
  for (let made = 0; made < 5; made += 1) ids.push((await run(engine, approval(`u-${made}`))).id);
  for (const id of ids) {
    const seen = await untilTold(id);
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map(({ key }) => key))).toEqual(new Set([`${engine.tenantId}/${id}`]));
    const sequences = seen.map(({ event }) => event.sequence);
    expect([...sequences].sort((a, b) => a - b)).toEqual(sequences);
    for (const { headers, event } of seen)
      expect(headers).toEqual({
        'event-id': event.id,
        'event-type': event.type,
        'tenant-id': engine.tenantId,
      });
    expect(seen.map(({ event }) => event.type).sort()).toEqual([
      'delivery.sent',
      'delivery.sent',
      'notification.planned',
      'notification.sent',
    ]);
  }
  expect(records.map(({ value }) => value).join()).not.toContain('@example.com');
});

it('gets what happened while the broker was away', async () => {
  await kafka.kill();
  const { id } = await run(engine, approval('u-away'));
  await kafka.restart();
  const { id: after } = await run(engine, approval('u-after'));
  await untilTold(id, 60_000);
  await untilTold(after, 60_000);
  const byId = new Map(told(id).map(({ event }) => [event.id, event.type]));
  expect([...byId.values()].sort()).toEqual([
    'delivery.sent',
    'delivery.sent',
    'notification.planned',
    'notification.sent',
  ]);
}, 150_000);
