import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { addPeople, addressOf, ids } from '../support/broadcasts.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { eventually } from '../support/engine.js';
import { howMany } from '../support/long-tests.js';
import { WRONG_LOGIN, type RedriveAnswer } from '../support/redrives.js';

const PEOPLE = 40;
/** How often its worker is killed: half a minute passes until a page that was cut off is missed. */
const KILLS = howMany({ short: 1, long: 3 });

let cluster: Cluster;
let worker: AppProcess;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.startApi();
  await cluster.api('POST', '/v1/tenants', { id: 'acme', name: 'Acme' }, { tenant: null });
  // Of an attempt that was cut off.
  await cluster.api('PATCH', '/v1/tenant', { retries: { email: { initial: 'PT1S' } } });
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  worker = await cluster.startWorker();
});
afterEach(() => worker.kill());

/** Has a mail to each fail. */
async function failFor(people: readonly string[]): Promise<void> {
  cluster.smtp.behave(WRONG_LOGIN);
  await addPeople(cluster, people);
  for (const recipient of people) {
    const { status } = await cluster.api('POST', '/v1/notifications', {
      type: 'system',
      to: { recipient },
      channels: ['email'],
      data: { title: 'News' },
    });
    expect(status).toBe(202);
  }
  await eventually(
    'all failed',
    async () =>
      (await cluster.api('POST', '/v1/deliveries/redrive', { filter: {}, dryRun: true })).body as unknown,
    (counted) => (counted as { count: number }).count === people.length,
    60_000,
  );
  // So slow that some are under way at any moment.
  cluster.smtp.behave({ at: 'message', do: { delayMs: 300 } });
}

async function look(id: string): Promise<RedriveAnswer> {
  const { status, body } = await cluster.api('GET', `/v1/redrives/${id}`);
  expect(status).toBe(200);
  return body as RedriveAnswer;
}

interface Logged {
  recipient: string;
  status: string;
  attempts: { outcome: string }[];
}

it(
  'forgets nothing and doubles only what the log calls interrupted, when its worker is killed in it',
  { timeout: 300_000 },
  async () => {
    const people = ids('redriven', PEOPLE);
    await failFor(people);
    const { body } = await cluster.api('POST', '/v1/deliveries/redrive', { filter: {}, perSecond: 8 });
    const id = (body as { redriveId: string }).redriveId;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await cluster.smtp.waitForMails(10 * kill, 60_000);
      await worker.kill();
      worker = await cluster.startWorker();
    }
    const view = await eventually(
      'the end',
      () => look(id),
      ({ status, results }) => status === 'completed' && results.underWay === 0,
      200_000,
    );
    expect(view.counts).toEqual({ matched: PEOPLE, queued: 0, started: PEOPLE, skipped: 0 });
    expect(view.results).toMatchObject({ sent: PEOPLE, failed: 0, notSent: 0 });

    const log = (await cluster.api('GET', '/v1/deliveries?channel=email&limit=100')).body.items as Logged[];
    for (const { recipient, status, attempts } of log) {
      const outcomes = attempts.map(({ outcome }) => outcome);
      const mails = cluster.smtp.mails.filter(({ envelope }) => envelope.to.includes(addressOf(recipient)));
      expect([recipient, status, outcomes[0], outcomes.at(-1)]).toEqual([
        recipient,
        'sent',
        'failed',
        'sent',
      ]);
      expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'failed')).toHaveLength(1);
      expect(mails.length).toBeGreaterThanOrEqual(1);
      expect(mails.length).toBeLessThanOrEqual(1 + outcomes.filter((one) => one === 'interrupted').length);
    }
    expect(log).toHaveLength(PEOPLE);
  },
);
