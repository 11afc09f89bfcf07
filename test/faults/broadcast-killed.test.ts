import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { sumOf } from '../support/broadcasts.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { Crowd } from '../support/crowd.js';

const PEOPLE = 300;
const PAGE = 100;

let cluster: Cluster;
let worker: AppProcess;

beforeAll(async () => {
  cluster = await startCluster({ CARILLON_BULK_PAGE: String(PAGE), CARILLON_BULK_CHUNK: '20' });
  await cluster.startApi();
  await cluster.api('POST', '/v1/tenants', { id: 'acme', name: 'Acme' }, { tenant: null });
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  worker = await cluster.startWorker();
  // So slow that a chunk takes a while.
  cluster.smtp.behave({ at: 'message', do: { delayMs: 200 } });
});
afterEach(() => worker.kill());

/** A broadcast to so many people of a name, of which so many mails are out. */
async function underWay(name: string, mails = 70): Promise<{ crowd: Crowd; id: string }> {
  const crowd = new Crowd(cluster, name, PEOPLE);
  return { crowd, id: await crowd.underWay(mails) };
}

it(
  'loses nobody when the worker is killed in it, and doubles only what the log calls interrupted',
  { timeout: 240_000 },
  async () => {
    const { crowd, id } = await underWay('killed');
    await worker.kill();
    worker = await cluster.startWorker();
    const { total, counts } = await crowd.settled(id);
    expect({ total, sent: counts.sent, sum: sumOf(counts) }).toEqual({
      total: PEOPLE,
      sent: PEOPLE,
      sum: PEOPLE,
    });
    await crowd.expectTold({ cutOff: PAGE });
  },
);

it('leaves nobody waiting when it is cancelled while no worker is there', { timeout: 240_000 }, async () => {
  const { crowd, id } = await underWay('cancelled');
  await worker.kill();
  expect((await cluster.api('POST', `/v1/broadcasts/${id}/cancel`)).status).toBe(202);
  worker = await cluster.startWorker();
  const { counts } = await crowd.reached(
    id,
    'the end',
    (view) => view.status === 'cancelled' && view.counts.inFlight === 0,
  );
  const log = await crowd.log();
  expect(sumOf(counts)).toBe(log.length);
  expect(log.length).toBeLessThan(PEOPLE);
  expect(counts.sent + counts.cancelled).toBe(log.length);
  expect(log.filter(({ attempts }) => attempts.includes('started'))).toEqual([]);
});

it('goes on where it was when it was paused while no worker was there', { timeout: 240_000 }, async () => {
  const { crowd, id } = await underWay('paused');
  await worker.kill();
  await cluster.api('POST', `/v1/broadcasts/${id}/pause`);
  worker = await cluster.startWorker();
  await crowd.reached(id, 'paused', ({ status }) => status === 'paused');
  await cluster.api('POST', `/v1/broadcasts/${id}/resume`);
  const { total, counts } = await crowd.settled(id);
  expect({ total, sent: counts.sent }).toEqual({ total: PEOPLE, sent: PEOPLE });
  await crowd.expectTold({ cutOff: PAGE });
});

it(
  'completes when MongoDB is killed in it and comes back, tells nobody twice, and its counts add up',
  { timeout: 240_000 },
  async () => {
    const { crowd, id } = await underWay('mongo');
    await cluster.mongo.kill();
    await cluster.mongo.restart();
    const { total, counts } = await crowd.settled(id);
    expect({ total, sent: counts.sent, sum: sumOf(counts) }).toEqual({
      total: PEOPLE,
      sent: PEOPLE,
      sum: PEOPLE,
    });
    await crowd.expectTold({ cutOff: PAGE });
    // What was sent while it was away was recorded when it came back.
    expect(crowd.doubled()).toEqual([]);
  },
);
