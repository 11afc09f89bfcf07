import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { startCluster, type Cluster } from '../support/cluster.js';

let cluster: Cluster;
let worker: AppProcess;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.startApi();
  await cluster.api(
    'POST',
    '/v1/tenants',
    { id: 'acme', name: 'Acme', timezone: 'Europe/Paris' },
    { tenant: null },
  );
});
afterAll(() => cluster.stop());

const trigger = (recipient: string, more: object = {}) => ({
  type: 'approval_request',
  to: { recipient: { id: recipient, email: `${recipient}@example.com` } },
  data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
  ...more,
});
const mailsTo = (recipient: string) =>
  cluster.smtp.mails.filter((mail) => mail.envelope.to.includes(`${recipient}@example.com`));

describe('a worker that is killed, and started again', () => {
  let held: string;
  let early: string;

  beforeAll(async () => {
    worker = await cluster.startWorker();
    const sendAt = new Date(Date.now() + 6_000).toISOString();
    const { body } = await cluster.api(
      'POST',
      '/v1/notifications?wait=decision',
      trigger('held', { sendAt }),
    );
    expect(body.decision.status).toBe('held');
    held = body.id;
    await worker.kill();
    const accepted = await cluster.api('POST', '/v1/notifications', trigger('early'));
    expect(accepted.status).toBe(202);
    early = accepted.body.id;
    expect((await cluster.api('GET', `/v1/notifications/${early}`)).body.status).toBe('accepted');
    worker = await cluster.startWorker();
    return () => worker.kill();
  });

  it('sends what was accepted while it was not there', async () => {
    await cluster.reached(early, 'sent');
    expect(mailsTo('early')).toHaveLength(1);
  });

  it('loses no hold that it was in, and sends once when it ends', async () => {
    await cluster.reached(held, 'sent');
    expect(mailsTo('held')).toHaveLength(1);
  });
});

it('sends twice at most when the worker is killed between the server’s acceptance and the record', async () => {
  worker = await cluster.startWorker();
  const { met } = cluster.smtp.behave({ at: 'message', do: { delayMs: 1_500 } });
  const { body } = await cluster.api('POST', '/v1/notifications', trigger('unlucky'));
  await met;
  // While the server takes its time, the database goes away: the acceptance cannot be recorded.
  await cluster.mongo.kill();
  const before = cluster.smtp.accepted;
  await cluster.smtp.waitForMails(before + 1);
  await worker.kill();
  cluster.smtp.behave();
  await cluster.mongo.restart();
  worker = await cluster.startWorker();

  const story = (await cluster.reached(body.id, 'sent')) as unknown as Story;
  const mails = mailsTo('unlucky');
  expect(mails).toHaveLength(2);
  expect(new Set(mails.map((mail) => mail.parsed.messageId)).size).toBe(1);
  const email = story.deliveries.find((delivery) => delivery.channel === 'email');
  expect(email?.attempts.map((attempt) => attempt.outcome)).toEqual(['interrupted', 'sent']);
});

interface Story {
  deliveries: { channel: string; attempts: { outcome: string }[] }[];
}
