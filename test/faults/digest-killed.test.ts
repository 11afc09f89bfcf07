import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { eventually } from '../support/engine.js';

const PEOPLE = 15;
const ITEMS = 3;

let cluster: Cluster;
let worker: AppProcess;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.startApi();
  await cluster.api('POST', '/v1/tenants', { id: 'acme', name: 'Acme' }, { tenant: null });
  worker = await cluster.startWorker();
});
afterAll(() => cluster.stop());

/** Collects so many items of each person, under one key. */
async function collectAll(key: string): Promise<string[]> {
  const people = Array.from({ length: PEOPLE }, (_, index) => `${key}-${index}`);
  for (const id of people) {
    await cluster.api('PUT', `/v1/subscribers/${id}`, { email: `${id}@example.com` });
    for (let item = 0; item < ITEMS; item += 1) {
      const { status } = await cluster.api('POST', '/v1/notifications', {
        type: 'system',
        to: { recipient: id },
        data: { title: `item ${item} of ${id}.` },
        channels: ['email'],
        digestKey: key,
        digest: { period: 'PT4S' },
      });
      expect(status).toBe(202);
    }
  }
  return people;
}

async function expectAllSentOnce(people: readonly string[], mayDouble: boolean): Promise<void> {
  const sent = await eventually(
    'every notification sent',
    async () => {
      const statuses = [];
      for (const id of people) {
        const { body } = await cluster.api('GET', `/v1/notifications?recipient=${id}&limit=100`);
        const { items } = body as { items: { type: string; status: string }[] };
        statuses.push(...items.map(({ status }) => status));
      }
      return statuses;
    },
    (statuses) =>
      statuses.length >= people.length * (ITEMS + 1) && statuses.every((status) => status === 'sent'),
    120_000,
  );
  // Of each person the items, and the digest in which they went out: not one more.
  expect(sent).toHaveLength(people.length * (ITEMS + 1));
  for (const id of people) {
    const mails = cluster.smtp.mails.filter(({ envelope }) => envelope.to.includes(`${id}@example.com`));
    expect(mails.length).toBeGreaterThanOrEqual(1);
    for (const { parsed } of mails) {
      for (let item = 0; item < ITEMS; item += 1) expect(parsed.text).toContain(`item ${item} of ${id}.`);
    }
    if (mails.length === 1) continue;
    // Sent again after it was cut off: the log says so.
    expect(mayDouble).toBe(true);
    const { body } = await cluster.api('GET', `/v1/deliveries?recipient=${id}&channel=email&status=sent`);
    const [delivery] = (body as { items: { attempts: { outcome: string }[] }[] }).items;
    expect(delivery?.attempts.map(({ outcome }) => outcome)).toContain('interrupted');
  }
}

it('loses and repeats no item when the worker is killed as windows close', { timeout: 240_000 }, async () => {
  cluster.smtp.behave({ at: 'message', do: { delayMs: 300 } });
  const before = cluster.smtp.accepted;
  const people = await collectAll('killed');
  await cluster.smtp.waitForMails(before + 5, 60_000);
  await worker.kill();
  cluster.smtp.behave();
  worker = await cluster.startWorker();
  await expectAllSentOnce(people, true);
});

it('loses and repeats no item when MongoDB is killed as windows close', { timeout: 240_000 }, async () => {
  const before = cluster.smtp.accepted;
  const people = await collectAll('mongo');
  await cluster.smtp.waitForMails(before + 4, 60_000);
  await cluster.mongo.kill();
  await cluster.mongo.restart();
  await expectAllSentOnce(people, false);
});
