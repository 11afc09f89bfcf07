import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPerson, notify } from '../support/runs.js';
import { startFakeTwilio, type FakeTwilio } from '../support/fake-twilio.js';
import { startChecked, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
let twilio: FakeTwilio;
const provider = (channel: string) => `/v1/tenant/channels/${channel}/providers/twilio`;

beforeAll(async () => {
  twilio = await startFakeTwilio();
  engine = await startChecked({
    env: {
      CARILLON_PROVIDER_ENDPOINTS: `sms/twilio=${twilio.url},whatsapp/twilio=${twilio.url}`,
      CARILLON_PUBLIC_URL: 'https://carillon.example/notify/',
    },
  });
  const account = { accountSid: twilio.account.sid, authToken: twilio.account.authToken };
  const service = { messagingServiceSid: twilio.account.services[0] };
  await engine.call('PUT', provider('sms'), { credentials: { ...account, ...service } });
  const sender = { from: twilio.account.whatsAppSenders[0] };
  await engine.call('PUT', provider('whatsapp'), { credentials: { ...account, ...sender } });
  await engine.call('PATCH', '/v1/tenant', { region: 'FR' });
});
afterAll(async () => {
  await engine.stop();
  await twilio.close();
});

async function withPhone(phone: string) {
  const person = await addPerson(engine);
  await engine.call('PATCH', `/v1/subscribers/${person.id}`, { phone });
  await engine.call('PATCH', `/v1/subscribers/${person.id}/preferences`, {
    channels: { sms: true, whatsapp: true },
  });
  return person;
}
const direct = (channel: 'sms' | 'whatsapp', text: string) => ({
  type: 'direct',
  content: { [channel]: { text } },
  channels: [channel],
});
const messagesTo = (to: string) => twilio.messages.filter((message) => message.To === to);

describe('a notification by SMS', () => {
  it('goes from the trigger to Twilio and into the log, with its segments', async () => {
    const person = await withPhone('06 12 34 56 01');
    const run = await notify(engine, person, direct('sms', 'Votre contrat est prêt ✓ '.repeat(4)));
    await run.handle.result();
    expect(messagesTo('+33612345601')).toMatchObject([
      {
        MessagingServiceSid: twilio.account.services[0],
        StatusCallback: `https://carillon.example/notify/hooks/${engine.tenantId}/twilio?delivery=${run.id}-sms`,
      },
    ]);
    expect(await run.delivery('sms')).toMatchObject({
      status: 'sent',
      provider: 'twilio',
      target: '+33•••01',
      units: 2,
      providerMessageId: expect.stringMatching(/^SM/) as string,
      attempts: [{ outcome: 'sent', providerResponse: 'accepted' }],
    });
  });

  it('in a broadcast is logged with its segments, too', async () => {
    const people = await Promise.all(['06 12 34 56 02', '06 12 34 56 03'].map(withPhone));
    const { body } = await engine.api('POST', '/v1/broadcasts', {
      name: 'News',
      to: { recipients: people.map(({ id }) => id) },
      ...direct('sms', 'a'.repeat(161)),
    });
    await engine.client.workflow.getHandle((body as { workflowId: string }).workflowId).result();
    for (const { id } of people) {
      const log = await engine.api('GET', `/v1/deliveries?recipient=${id}&channel=sms`);
      expect(log.body).toMatchObject({ items: [{ status: 'sent', units: 2 }] });
    }
  });

  it('that is too long is cut, and stays in the alphabet that it was in', async () => {
    const person = await withPhone('06 12 34 56 04');
    const data = { text: 'a'.repeat(2000) };
    const run = await notify(engine, person, { ...direct('sms', '{{ text }}'), data });
    await run.handle.result();
    expect(messagesTo('+33612345604')[0]?.Body).toBe(`${'a'.repeat(1597)}...`);
    expect(await run.delivery('sms')).toMatchObject({ status: 'sent', units: 11 });
  });

  it('to somebody who said STOP is not tried again', async () => {
    const person = await withPhone('06 12 34 56 06');
    twilio.account.optedOut.push('+33612345606');
    const run = await notify(engine, person, direct('sms', 'Hello'));
    await run.handle.result();
    expect(await run.delivery('sms')).toMatchObject({
      status: 'failed',
      failureReason: 'invalid_recipient',
      units: null,
      attempts: [{ outcome: 'failed' }],
    });
  });
});

describe('a notification by WhatsApp', () => {
  it('goes from the trigger to Twilio and into the log', async () => {
    const person = await withPhone('06 12 34 56 05');
    const run = await notify(engine, person, direct('whatsapp', 'Bonjour'));
    await run.handle.result();
    expect(messagesTo('whatsapp:+33612345605')).toMatchObject([{ Body: 'Bonjour' }]);
    expect(await run.delivery('whatsapp')).toMatchObject({ status: 'sent', units: 1 });
  });

  it('that is longer than Twilio takes fails without a call, and says why', async () => {
    const person = await withPhone('06 12 34 56 07');
    const run = await notify(engine, person, direct('whatsapp', 'a'.repeat(1601)));
    await run.handle.result();
    expect(await run.delivery('whatsapp')).toMatchObject({
      status: 'failed',
      failureReason: 'content_error',
      attempts: [{ providerResponse: 'not sent: the text is longer than 1600 characters' }],
    });
    expect(messagesTo('whatsapp:+33612345607')).toEqual([]);
  });
});

describe('the credentials of a tenant', () => {
  it('are verified at Twilio, which says what is wrong', async () => {
    const verify = () => engine.api('POST', `${provider('sms')}/verify`);
    expect((await verify()).status).toBe(200);
    twilio.behave({ at: 'service', do: { status: 404, code: 20404 } });
    expect(JSON.stringify((await verify()).body)).toContain('messagingServiceSid');
    twilio.behave();
  });

  it('are read back without their secrets', async () => {
    const { body } = await engine.api('GET', provider('sms'));
    expect(body).toMatchObject({ credentials: { accountSid: twilio.account.sid } });
    expect(JSON.stringify(body)).not.toContain(twilio.account.authToken);
  });
});
