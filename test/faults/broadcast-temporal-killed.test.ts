import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { sumOf } from '../support/broadcasts.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { Crowd } from '../support/crowd.js';
import { quietNow } from '../unit/api-checked.js';

const AWAKE = 160;
const ASLEEP = 80;
const PAGE = 40;
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
  });
  await cluster.startApi();
  await cluster.api('POST', '/v1/tenants', { id: 'acme', name: 'Acme' }, { tenant: null });
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  worker = await cluster.startWorker();
});
afterEach(() => worker.kill());

it(
  'loses nobody when Temporal is killed in it and comes back, and doubles only what the log calls interrupted',
  { timeout: 240_000 },
  async () => {
    // So slow that a chunk takes a while.
    cluster.smtp.behave({ at: 'message', do: { delayMs: 200 } });
    const crowd = new Crowd(cluster, 'awake', AWAKE);
    const id = await crowd.underWay(40);
    await cluster.temporal.kill();
    // Its page goes on: a worker does not ask Temporal before each mail.
    await cluster.smtp.waitForMails(cluster.smtp.accepted + 1, 30_000);
    await cluster.temporal.restart();
    const { total, counts } = await crowd.settled(id);
    expect({ total, sent: counts.sent, sum: sumOf(counts) }).toEqual({
      total: AWAKE,
      sent: AWAKE,
      sum: AWAKE,
    });
    await crowd.expectTold({ cutOff: CUT_OFF });
  },
);

it(
  'leaves a run to everybody who is held when Temporal is killed while these are started',
  { timeout: 240_000 },
  async () => {
    cluster.smtp.behave();
    await cluster.api('PATCH', '/v1/tenant', { quietHours: quietNow() });
    const crowd = new Crowd(cluster, 'asleep', ASLEEP);
    const id = await crowd.start();
    await crowd.reached(id, 'somebody held', ({ counts }) => counts.held > 0);
    await cluster.temporal.kill();
    expect(await crowd.view(id)).toMatchObject({ status: 'running' });
    await cluster.temporal.restart();
    const { counts } = await crowd.reached(id, 'the end', ({ status }) => status === 'completed');
    expect({ held: counts.held, sum: sumOf(counts) }).toEqual({ held: ASLEEP, sum: ASLEEP });

    for (const notificationId of await crowd.notificationsOf(id)) {
      const { status } = await cluster.api('POST', `/v1/notifications/${notificationId}/expedite`);
      expect(status).toBe(202);
    }
    await crowd.settled(id);
    await crowd.expectTold({ cutOff: 0 });
  },
);
