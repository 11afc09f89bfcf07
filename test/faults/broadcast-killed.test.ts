import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { sumOf } from '../support/broadcasts.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { Crowd } from '../support/crowd.js';

const PEOPLE = 200;
const PAGE = 50;
const CHUNK = 10;
const LANES = 2;
/** Of each lane the chunk that is sent, and the one after it. */
const CUT_OFF = LANES * 2 * CHUNK;

let cluster: Cluster;
let worker: AppProcess;

beforeAll(async () => {
  cluster = await startCluster({
    CARILLON_BULK_PAGE: String(PAGE),
    CARILLON_BULK_CHUNK: String(CHUNK),
    CARILLON_BULK_LANES: String(LANES),
    // Room for those of three broadcasts at once.
    CARILLON_BULK_PAGES: '6',
  });
  await cluster.startApi();
  await cluster.api('POST', '/v1/tenants', { id: 'acme', name: 'Acme' }, { tenant: null });
});
afterAll(() => cluster.stop());

/** A worker, and a mail server so slow that a chunk takes a while. */
async function startSlowly(): Promise<AppProcess> {
  cluster.smtp.behave({ at: 'message', do: { delayMs: 200 } });
  return cluster.startWorker();
}

/** A broadcast to the people of a name, of which so many mails are out. */
async function underWay(name: string, mails = 70): Promise<Told> {
  const crowd = new Crowd(cluster, name, PEOPLE);
  return { crowd, id: await crowd.underWay(mails) };
}

interface Told {
  crowd: Crowd;
  id: string;
}

describe('a broadcast whose worker is killed in it', { timeout: 240_000 }, () => {
  let leftAlone: Told;
  let cancelled: Told;
  let paused: Told;

  // At once for all: that a page was cut off is noticed after half a minute.
  beforeAll(async () => {
    worker = await startSlowly();
    [leftAlone, cancelled, paused] = await Promise.all([
      underWay('killed'),
      underWay('cancelled'),
      underWay('paused'),
    ]);
    await worker.kill();
    expect((await cluster.api('POST', `/v1/broadcasts/${cancelled.id}/cancel`)).status).toBe(202);
    expect((await cluster.api('POST', `/v1/broadcasts/${paused.id}/pause`)).status).toBe(202);
    worker = await cluster.startWorker();
    return () => worker.kill();
  });

  it('loses nobody, and doubles only what the log calls interrupted', async () => {
    const { crowd, id } = leftAlone;
    const { total, counts } = await crowd.settled(id);
    expect({ total, sent: counts.sent, sum: sumOf(counts) }).toEqual({
      total: PEOPLE,
      sent: PEOPLE,
      sum: PEOPLE,
    });
    await crowd.expectTold({ cutOff: CUT_OFF });
  });

  it('leaves nobody waiting when it is cancelled while no worker is there', async () => {
    const { crowd, id } = cancelled;
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

  it('goes on where it was when it was paused while no worker was there', async () => {
    const { crowd, id } = paused;
    await crowd.reached(id, 'paused', ({ status }) => status === 'paused');
    await cluster.api('POST', `/v1/broadcasts/${id}/resume`);
    const { total, counts } = await crowd.settled(id);
    expect({ total, sent: counts.sent }).toEqual({ total: PEOPLE, sent: PEOPLE });
    await crowd.expectTold({ cutOff: CUT_OFF });
  });
});

it(
  'completes when MongoDB is killed in it and comes back, tells nobody twice, and its counts add up',
  { timeout: 240_000 },
  async () => {
    worker = await startSlowly();
    const { crowd, id } = await underWay('mongo');
    await cluster.mongo.kill();
    await cluster.mongo.restart();
    const { total, counts } = await crowd.settled(id);
    expect({ total, sent: counts.sent, sum: sumOf(counts) }).toEqual({
      total: PEOPLE,
      sent: PEOPLE,
      sum: PEOPLE,
    });
    await crowd.expectTold({ cutOff: CUT_OFF });
    // What was sent while it was away was recorded when it came back.
    expect(crowd.doubled()).toEqual([]);
  },
);
