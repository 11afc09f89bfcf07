import proto from '@temporalio/proto';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.js';
import { startFakeSes, type FakeSes } from '../support/fake-ses.js';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.js';

/* A tenant with two e-mail providers of its own: its SMTP server, and behind it its account at Amazon SES. */

const from = 'Acme <news@carillon.example>';
let engine: Engine;
let ses: FakeSes;
let smtp: TestSmtpServer;
let count = 0;

beforeAll(async () => {
  ses = await startFakeSes();
  smtp = await startSmtpServer();
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: {
      CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true',
      CARILLON_PROVIDER_ENDPOINTS: `email/ses=${ses.url}`,
    },
  });
  const away = await startSmtpServer();
  await away.close();
  await store('smtp', { url: away.url, from });
  await store('ses', { region: ses.region, ...ses.key, from });
});
afterAll(async () => {
  await engine.stop();
  await smtp.close();
  await ses.close();
});
beforeEach(() => {
  smtp.behave();
  ses.behave();
});

async function store(provider: string, credentials: object) {
  const path = `/v1/tenant/channels/email/providers/${provider}`;
  const { status, body } = await engine.api('PUT', path, { credentials });
  if (status !== 201 && status !== 200) throw new Error(JSON.stringify(body));
}

/** Triggers a mail; answers, once its run has ended, what became of it and what the run left in Temporal. */
async function send() {
  const to = `failover-${(count += 1)}@example.com`;
  const attachment = { filename: 'terms.txt', content: Buffer.from('Terms').toString('base64') };
  const { body } = await engine.api('POST', '/v1/notifications', {
    type: 'direct',
    to: { recipient: { email: to } },
    content: { email: { subject: 'Your contract', text: 'It is signed.' } },
    channels: ['email'],
    attachments: [attachment],
  });
  const handle = engine.client.workflow.getHandle(body.workflowId);
  await handle.result();
  const { events = [] } = await handle.fetchHistory();
  const shown = (await engine.api('GET', `/v1/notifications/${body.id}`)).body;
  const { EventType } = proto.temporal.api.enums.v1;
  const names = (events ?? []).map(({ eventType }) => EventType[eventType ?? 0]);
  return { to, delivery: shown.deliveries[0], events: names };
}

// The first one: a provider that could not be reached gets no first attempts for a minute.
it('costs no event more where the first one refuses the connection', async ({ annotate }) => {
  const { delivery, events } = await send();
  expect(delivery).toMatchObject({
    status: 'sent',
    attempts: [
      { provider: 'smtp', outcome: 'failed', failureReason: 'network_error' },
      { provider: 'ses', outcome: 'sent' },
    ],
  });
  await annotate(`${events.length} events: ${events.join(', ')}`);
  // As many as of a mail that its first provider takes: `plan` and `deliver` are a marker each.
  expect(events).toHaveLength(8);
  expect(events.filter((event) => event === 'EVENT_TYPE_MARKER_RECORDED')).toHaveLength(2);
  await store('smtp', { url: smtp.url, from });
});

it('goes out through the first provider while that takes it', async () => {
  const { to, delivery } = await send();
  expect(delivery).toMatchObject({ status: 'sent', provider: 'smtp' });
  expect(smtp.mails.at(-1)?.envelope.to).toEqual([to]);
});

it('arrives through the second provider where the first one is out of order, as the same mail', async () => {
  smtp.behave({ at: 'sender', do: { reply: '451 4.3.0 out of order' } });
  const { to, delivery } = await send();
  expect(delivery).toMatchObject({
    status: 'sent',
    provider: 'ses',
    retryCount: 0,
    providerMessageId: ses.mails.at(-1)?.messageId,
    attempts: [
      { provider: 'smtp', outcome: 'failed', failureReason: 'provider_error' },
      { provider: 'ses', outcome: 'sent' },
    ],
  });
  const mail = ses.mails.at(-1);
  expect(mail?.to).toEqual([to]);
  expect(mail?.parsed.subject).toBe('Your contract');
  expect(mail?.parsed.from?.text).toBe('"Acme" <news@carillon.example>');
  expect(mail?.parsed.text?.trim()).toBe('It is signed.');
  expect(mail?.parsed.attachments.map((one) => [one.filename, one.content.toString()])).toEqual([
    ['terms.txt', 'Terms'],
  ]);
});

it('stays with the first provider where there is no such mailbox', async () => {
  smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 <{to}> unknown' } });
  const before = ses.requests;
  const { delivery } = await send();
  expect(delivery).toMatchObject({ status: 'failed', failureReason: 'invalid_recipient' });
  expect(ses.requests).toBe(before);
});
