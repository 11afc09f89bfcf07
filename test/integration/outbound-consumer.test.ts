import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { BuiltEvent } from '../../events/outbound/build-events.js';
import { OutboundConsumer } from '../../events/outbound/consumer.js';
import type { Sink } from '../../events/outbound/sink.js';
import { createLogger } from '../../runtime/logger.js';
import { eventually } from '../support/engine.js';
import { approval, run, startChecked, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

/** Keeps what it takes; many of them may feed from one lease. */
class Recorder implements Sink {
  readonly taken: BuiltEvent[] = [];
  readonly scanned: BuiltEvent[] = [];
  hasBegun = false;
  /** Fails in place of taking. */
  failure: Error | undefined;

  constructor(readonly name: string) {}

  begin() {
    this.hasBegun = true;
    return Promise.resolve();
  }
  wants(tenantId: string) {
    return tenantId === engine.tenantId;
  }
  tenants() {
    return Promise.resolve([engine.tenantId]);
  }
  endpointsChanged() {
    return Promise.resolve();
  }
  take(events: readonly BuiltEvent[], isScan: boolean) {
    if (this.failure) return Promise.reject(this.failure);
    (isScan ? this.scanned : this.taken).push(...events);
    return Promise.resolve();
  }
  end() {
    this.hasBegun = false;
    return Promise.resolve();
  }
  typesOf(id: string) {
    return this.taken.filter(({ orderKey }) => orderKey === id).map(({ type }) => type);
  }
}

let lease = '';
let count = 0;
const running: OutboundConsumer[] = [];
beforeEach(() => {
  count += 1;
  lease = `outbound/test-${count}`;
});
afterEach(() => Promise.all(running.splice(0).map((consumer) => consumer.stop())));

const times = { termMs: 1_500, renewMs: 300, lookMs: 100, graceMs: 0 };
function consume(): { sink: Recorder; consumer: OutboundConsumer } {
  const sink = new Recorder(lease);
  const log = createLogger({ level: 'silent', name: 'test' });
  const consumer = new OutboundConsumer({ models: engine.models, log }, sink, times);
  consumer.start();
  running.push(consumer);
  return { sink, consumer };
}
const position = async () => (await engine.models.leases.find(lease))?.position;
const putBack = (to: object | undefined) =>
  engine.mongo.collection<{ _id: string }>('leases').updateOne({ _id: lease }, { $set: { position: to } });
const reading = () => eventually('somebody reads', position, (found) => found?.token !== undefined);
const notification = () => run(engine, approval(`u-${count}`));
const toldBy = (sink: Recorder, id: string) =>
  eventually(
    `all of ${id}`,
    () => Promise.resolve(sink.typesOf(id)),
    (types) => types.length === 4 && types.includes('notification.sent'),
  );
const untilBegun = (...sinks: Recorder[]) =>
  eventually(
    'one to begin',
    () => Promise.resolve(sinks.find(({ hasBegun }) => hasBegun)),
    (found) => found !== undefined,
  );

it('is done by one process at a time, and by the next one at once when that one stops', async () => {
  const all = [consume(), consume(), consume()];
  await reading();
  const { id } = await notification();
  const first = await untilBegun(...all.map(({ sink }) => sink));
  await toldBy(first as Recorder, id);
  const others = all.filter(({ sink }) => sink !== first);
  expect(others.flatMap(({ sink }) => sink.taken)).toEqual([]);
  await all.find(({ sink }) => sink === first)?.consumer.stop();
  const second = (await untilBegun(...others.map(({ sink }) => sink))) as Recorder;
  const { id: next } = await notification();
  await toldBy(second, next);
  expect(second.typesOf(id)).toEqual([]);
});

it('goes on where the last one was, with what happened meanwhile, under the same IDs when it is read again', async () => {
  const first = consume();
  await reading();
  await first.consumer.stop();
  const before = await position();
  const { id } = await notification();
  const second = consume();
  await toldBy(second.sink, id);
  await second.consumer.stop();
  const ids = second.sink.taken.map((event) => event.id);
  expect(new Set(ids).size).toBe(ids.length);

  // As if that one had died before it could store how far it was.
  await putBack(before);
  const third = consume();
  await toldBy(third.sink, id);
  expect(third.sink.taken.map((event) => event.id)).toEqual(ids);
});

it('keeps its place while what it took cannot be handed on', async () => {
  const { sink } = consume();
  await reading();
  sink.failure = new Error('away');
  const { id } = await notification();
  sink.failure = undefined;
  await toldBy(sink, id);
});

it('is taken over from a process that does not renew its lease any more', async () => {
  await engine.models.leases.acquire(lease, 'somebody who died', times.termMs);
  const { sink } = consume();
  expect(sink.hasBegun).toBe(false);
  await untilBegun(sink);
});

it.each([
  ['is not there', undefined],
  ['is no token', '{"_data":"no token"}'],
])('looks for changes in the rows where the token %s, and goes on from now', async (_what, token) => {
  const { consumer } = consume();
  await reading();
  await consumer.stop();
  const { id } = await notification();
  const at = (await position())?.at;
  await putBack({ at, ...(token === undefined ? {} : { token }) });
  const { sink } = consume();
  const found = await eventually(
    'what the rows tell',
    () => Promise.resolve(sink.scanned.filter(({ orderKey }) => orderKey === id)),
    (events) => events.length === 4,
  );
  expect(found.map(({ type }) => type).sort()).toEqual([
    'delivery.sent',
    'delivery.sent',
    'notification.planned',
    'notification.sent',
  ]);
  await reading();
  const { id: later } = await notification();
  await toldBy(sink, later);
});
