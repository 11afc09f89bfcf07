import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { addPeople, create, ids, sumOf, type BroadcastAnswer } from '../support/broadcasts.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { eventually } from '../support/engine.js';

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

/** Starts one to so many people of a name, and resolves when `mails` of them are out. */
async function underWay(prefix: string, mails: number): Promise<string> {
  await addPeople(cluster, ids(prefix, PEOPLE));
  const before = cluster.smtp.accepted;
  const { status, body } = await create(cluster.api, {
    to: { recipients: ids(prefix, PEOPLE) },
    channels: ['email'],
  });
  expect(status).toBe(202);
  await cluster.smtp.waitForMails(before + mails, 30_000);
  return body.id as string;
}

/** The broadcast once it is over and nobody is under way any more. */
async function settled(id: string): Promise<BroadcastAnswer> {
  const { body } = await eventually(
    'everybody told',
    () => cluster.api('GET', `/v1/broadcasts/${id}`),
    ({ status, body }) => {
      const view = body as BroadcastAnswer;
      return status === 200 && view.status === 'completed' && view.counts.inFlight === 0;
    },
    150_000,
  );
  return body as BroadcastAnswer;
}

interface Log {
  recipient: string;
  status: string;
  attempts: string[];
}

/** The log's mails to the people of a name. */
async function logOf(prefix: string): Promise<Log[]> {
  const found: Log[] = [];
  let cursor = '';
  do {
    const { body } = await cluster.api('GET', `/v1/deliveries?channel=email&limit=100${cursor}`);
    for (const one of body.items as {
      recipient: string;
      status: string;
      attempts: { outcome: string }[];
    }[]) {
      if (!one.recipient.startsWith(prefix)) continue;
      found.push({ ...one, attempts: one.attempts.map(({ outcome }) => outcome) });
    }
    cursor = body.nextCursor === null ? '' : `&cursor=${String(body.nextCursor)}`;
  } while (cursor !== '');
  return found;
}

/** How many mails each of them got. */
function mailsTo(prefix: string): Map<string, number> {
  const counts = new Map(ids(prefix, PEOPLE).map((id) => [id, 0]));
  for (const { envelope } of cluster.smtp.mails) {
    const id = envelope.to[0]?.replace('@example.com', '') ?? '';
    if (counts.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Everybody has it; whoever has it twice is one whose attempt was cut off, and the log says so. */
async function expectToldAll(prefix: string): Promise<void> {
  const mails = mailsTo(prefix);
  const log = await logOf(prefix);
  expect(log).toHaveLength(PEOPLE);
  expect(log.filter(({ status }) => status !== 'sent')).toEqual([]);
  const interrupted = new Set(
    log.filter(({ attempts }) => attempts.includes('interrupted')).map((one) => one.recipient),
  );
  expect(log.filter(({ attempts }) => attempts.includes('started'))).toEqual([]);
  expect([...mails].filter(([, count]) => count === 0)).toEqual([]);
  const doubled = [...mails].filter(([, count]) => count > 1);
  expect(doubled.filter(([id, count]) => count > 2 || !interrupted.has(id))).toEqual([]);
  expect(interrupted.size).toBeLessThanOrEqual(PAGE);
}

it(
  'loses nobody when the worker is killed in it, and doubles only what the log calls interrupted',
  { timeout: 240_000 },
  async () => {
    const id = await underWay('killed', 70);
    await worker.kill();
    worker = await cluster.startWorker();
    const { total, counts } = await settled(id);
    expect({ total, sent: counts.sent, sum: sumOf(counts) }).toEqual({
      total: PEOPLE,
      sent: PEOPLE,
      sum: PEOPLE,
    });
    await expectToldAll('killed');
  },
);

it('leaves nobody waiting when it is cancelled while no worker is there', { timeout: 240_000 }, async () => {
  const id = await underWay('cancelled', 70);
  await worker.kill();
  expect((await cluster.api('POST', `/v1/broadcasts/${id}/cancel`)).status).toBe(202);
  worker = await cluster.startWorker();
  const { body } = await eventually(
    'the end',
    () => cluster.api('GET', `/v1/broadcasts/${id}`),
    ({ body }) => body.status === 'cancelled' && body.counts.inFlight === 0,
    150_000,
  );
  const { counts } = body as BroadcastAnswer;
  const log = await logOf('cancelled');
  expect(sumOf(counts)).toBe(log.length);
  expect(log.length).toBeLessThan(PEOPLE);
  expect(counts.sent + counts.cancelled).toBe(log.length);
  expect(log.filter(({ attempts }) => attempts.includes('started'))).toEqual([]);
});

it('goes on where it was when it was paused while no worker was there', { timeout: 240_000 }, async () => {
  const id = await underWay('paused', 70);
  await worker.kill();
  await cluster.api('POST', `/v1/broadcasts/${id}/pause`);
  worker = await cluster.startWorker();
  await eventually(
    'paused',
    () => cluster.api('GET', `/v1/broadcasts/${id}`),
    ({ body }) => body.status === 'paused',
    60_000,
  );
  await cluster.api('POST', `/v1/broadcasts/${id}/resume`);
  const { total, counts } = await settled(id);
  expect({ total, sent: counts.sent }).toEqual({ total: PEOPLE, sent: PEOPLE });
  await expectToldAll('paused');
});

it(
  'completes when MongoDB is killed in it and comes back, tells nobody twice, and its counts add up',
  { timeout: 240_000 },
  async () => {
    const id = await underWay('mongo', 70);
    await cluster.mongo.kill();
    await cluster.mongo.restart();
    const { total, counts } = await settled(id);
    expect({ total, sent: counts.sent, sum: sumOf(counts) }).toEqual({
      total: PEOPLE,
      sent: PEOPLE,
      sum: PEOPLE,
    });
    await expectToldAll('mongo');
    // What was sent while it was away was recorded when it came back.
    expect([...mailsTo('mongo')].filter(([, count]) => count > 1)).toEqual([]);
  },
);
