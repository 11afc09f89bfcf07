import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.js';
import { startFileServer, type FileServer } from '../support/file-server.js';

let engine: Engine;
let files: FileServer;

beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: { CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' },
  });
  files = await startFileServer((request, response) => {
    if (request.url === '/terms.pdf')
      response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.7');
    else response.writeHead(404).end();
  });
});
afterAll(async () => {
  await engine.stop();
  await files.close();
});

const content = { email: { subject: 'Your contract', text: 'It is attached.' } };
const message = { type: 'direct', content, channels: ['email'] };
let count = 0;
const address = () => `attached-${(count += 1)}@example.com`;
const mailsTo = (email: string) => engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(email));

async function trigger(to: string, attachments: unknown[], headers: Record<string, string> = {}) {
  return engine.api(
    'POST',
    '/v1/notifications',
    { ...message, to: { recipient: { email: to } }, attachments },
    { headers },
  );
}

/** Resolves when the run has ended, with the notification as it is shown then. */
async function ended({ body }: Awaited<ReturnType<typeof trigger>>) {
  await engine.client.workflow.getHandle(body.workflowId).result();
  return (await engine.api('GET', `/v1/notifications/${body.id}`)).body;
}

const bytes = randomBytes(300_000);
const large = {
  filename: 'Vertrag – final.pdf',
  contentType: 'application/pdf',
  content: bytes.toString('base64'),
};
const stored = () => engine.mongo.collection('attachments').find({}).toArray();

describe('an attachment that came with the request', () => {
  it('arrives as it was, and is in neither the history nor, readable, the database', async () => {
    const to = address();
    const accepted = await trigger(to, [
      large,
      { filename: 'note.txt', content: Buffer.from('hi').toString('base64') },
    ]);
    const { status } = await ended(accepted);
    expect(status).toBe('sent');
    const [mail] = mailsTo(to);
    expect(
      mail?.parsed.attachments.map((one) => [one.filename, one.contentType, one.contentDisposition]),
    ).toEqual([
      ['Vertrag – final.pdf', 'application/pdf', 'attachment'],
      ['note.txt', 'text/plain', 'attachment'],
    ]);
    expect(mail?.parsed.attachments[0]?.content.equals(bytes)).toBe(true);

    const history = await engine.client.workflow.getHandle(accepted.body.workflowId).fetchHistory();
    expect(JSON.stringify(history).length).toBeLessThan(50_000);
    const rows = await stored();
    expect(rows.length).toBe(2);
    expect(JSON.stringify(rows)).not.toContain(large.content.slice(0, 40));
    expect(rows.every(({ _id }) => String(_id).startsWith(`acme/${accepted.body.id}/`))).toBe(true);
    const row = await engine.models.notifications.find('acme', accepted.body.id);
    expect(rows.map(({ purgeAt }) => purgeAt)).toEqual([row?.purgeAt, row?.purgeAt]);
  });

  it('is part of what an idempotency key stands for', async () => {
    const to = address();
    const headers = { 'idempotency-key': `attached-${to}` };
    const before = (await stored()).length;
    const first = await trigger(to, [large], headers);
    const [again, at] = await Promise.all([trigger(to, [large], headers), trigger(to, [large], headers)]);
    expect([first.status, again.status, at.status]).toEqual([202, 200, 200]);
    expect((await stored()).length).toBe(before + 1);
    const other = { ...large, content: randomBytes(30).toString('base64') };
    expect((await trigger(to, [other], headers)).status).toBe(409);
    await ended(first);
    expect((await trigger(to, [other], headers)).status).toBe(409);
    expect(mailsTo(to).map(({ parsed }) => parsed.attachments[0]?.content.equals(bytes))).toEqual([true]);
  });
});

describe('an attachment by URL', () => {
  const terms = () => ({ filename: 'terms.pdf', url: `${files.url}/terms.pdf` });

  it('is fetched when the mail is sent, off the workflow task', async () => {
    const to = address();
    const accepted = await trigger(to, [terms()]);
    expect((await ended(accepted)).status).toBe('sent');
    const [attachment] = mailsTo(to)[0]?.parsed.attachments ?? [];
    expect(attachment).toMatchObject({ filename: 'terms.pdf', contentType: 'application/pdf' });
    expect(attachment?.content.toString()).toBe('%PDF-1.7');
    const history = await engine.client.workflow.getHandle(accepted.body.workflowId).fetchHistory();
    expect(history.events?.some((event) => event.activityTaskScheduledEventAttributes)).toBe(true);
  });

  it('that is not there fails the delivery, and sends nothing', async () => {
    const to = address();
    const { status, deliveries } = await ended(await trigger(to, [{ ...terms(), url: `${files.url}/none` }]));
    expect(status).toBe('failed');
    expect(deliveries[0]).toMatchObject({
      failureReason: 'content_error',
      attempts: [{ providerResponse: 'not sent: attachment 1 was answered with 404' }],
    });
    expect(mailsTo(to)).toEqual([]);
  });

  it('of a broadcast is fetched once for all, and what came along is stored once', async () => {
    const people = [address(), address(), address()];
    const [before, asked] = [(await stored()).length, files.asked.length];
    const accepted = await engine.api('POST', '/v1/notifications', {
      ...message,
      to: { recipients: people.map((email) => ({ email })) },
      attachments: [terms(), large],
    });
    expect(accepted.status).toBe(202);
    await engine.client.workflow.getHandle(accepted.body.workflowId).result();
    for (const to of people) {
      expect(mailsTo(to)[0]?.parsed.attachments.map(({ filename }) => filename)).toEqual([
        'terms.pdf',
        'Vertrag – final.pdf',
      ]);
    }
    expect(files.asked.length - asked).toBe(1);
    expect((await stored()).length - before).toBe(1);
  });
});

it('goes with email only: the inbox leaves it out', async () => {
  const accepted = await engine.api('POST', '/v1/notifications', {
    type: 'direct',
    content: { in_app: { title: 'Hello', message: 'World' } },
    channels: ['in_app'],
    to: { recipient: { id: 'u-attached' } },
    attachments: [{ filename: 'terms.pdf', url: `${files.url}/terms.pdf` }],
  });
  const asked = files.asked.length;
  expect((await ended(accepted)).status).toBe('sent');
  expect(files.asked.length).toBe(asked);
});
