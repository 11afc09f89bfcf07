import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { addPeople, broadcastTo, ids, mailedTo, type Broadcast } from '../support/broadcasts.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());

/** A broadcast to 20 people over two hours: one each six minutes. The first of them has it. */
let broadcast: Broadcast;
let prefix: string;
let count = 0;
beforeEach(async () => {
  prefix = `spread-${(count += 1)}`;
  await addPeople(engine, ids(prefix, 20));
  broadcast = await broadcastTo(engine, { to: { recipients: ids(prefix, 20) }, spreadOver: 'PT2H' });
  await untilTold(1);
});

/** Resolves when so many were told and it waits for the next one's time. */
async function untilTold(told: number): Promise<void> {
  await broadcast.until(`${told} told`, ({ processed }) => processed >= told);
  await broadcast.untilIdle();
  expect(mailedTo(engine, prefix)).toHaveLength(told);
}

it('is spread evenly over two hours', async () => {
  await engine.skip(HOUR_MS - 3 * MINUTE_MS);
  await untilTold(10);
  await engine.skip(HOUR_MS - 12 * MINUTE_MS);
  await untilTold(18);
  await engine.skip(12 * MINUTE_MS);
  await untilTold(20);
  await engine.skip(5 * MINUTE_MS);
  expect(await broadcast.over()).toMatchObject({ status: 'completed', processed: 20 });
  expect(mailedTo(engine, prefix)).toHaveLength(20);
});

it('tells nobody while it is paused between two pages, and catches up when it is resumed', async () => {
  await broadcast.tell('pause');
  await broadcast.untilStatus('paused');
  await engine.skip(HOUR_MS - 3 * MINUTE_MS);
  await untilTold(1);
  await broadcast.tell('resume');
  await untilTold(10);
  await engine.skip(HOUR_MS + 5 * MINUTE_MS);
  expect(await broadcast.over()).toMatchObject({ status: 'completed', processed: 20 });
});

it('is cancelled between two pages, and tells nobody more', async () => {
  await broadcast.tell('cancel');
  expect(await broadcast.untilStatus('cancelled')).toMatchObject({ processed: 1, total: 20 });
  await engine.skip(3 * HOUR_MS);
  expect(mailedTo(engine, prefix)).toHaveLength(1);
});

it('begins in three days when it is to be sent then', async () => {
  await broadcast.tell('cancel');
  await addPeople(engine, ['far-001']);
  const sendAt = new Date((await engine.nowMs()) + 72 * HOUR_MS).toISOString();
  const later = await broadcastTo(engine, { to: { recipients: ['far-001'] }, sendAt });
  await engine.skip(72 * HOUR_MS - 5 * MINUTE_MS);
  expect(await later.view()).toMatchObject({ status: 'scheduled', processed: 0 });
  await engine.skip(10 * MINUTE_MS);
  expect(await later.over()).toMatchObject({ status: 'completed', counts: { sent: 1 } });
});
