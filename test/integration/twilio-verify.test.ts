import { describe, expect, it } from 'vitest';
import { twilioSmsChannel } from '../../channels/sms/twilio.js';
import { whatsAppCredentials } from '../../channels/twilio/credentials.js';
import { twilioWhatsAppChannel } from '../../channels/whatsapp/twilio.js';
import type { FakeTwilio } from '../support/fake-twilio.js';
import { accountOf, fakeTwilios } from '../support/twilio-sending.js';
import { failureOf, sendContext } from '../support/smtp-sending.js';

const { fakeWith } = fakeTwilios();
const verify = (fake: FakeTwilio, changes: Record<string, unknown> = {}) =>
  twilioSmsChannel(fake.url).verify(accountOf(fake, changes), sendContext());

describe('trying Twilio credentials', () => {
  it.each([
    ['a number', {}],
    ['a short code', { from: '12345' }],
    ['a sender ID', { from: 'Carillon' }],
  ])('passes with %s, and sends nothing', async (_what, changes) => {
    const fake = await fakeWith();
    await verify(fake, changes);
    expect(fake.messages).toEqual([]);
    expect(fake.requests[0]).toBe(`GET /2010-04-01/Accounts/${fake.account.sid}.json`);
  });

  it('passes with a messaging service', async () => {
    const fake = await fakeWith();
    await verify(fake, { messagingServiceSid: fake.account.services[0] });
    expect(fake.requests).toContain(`GET /v1/Services/${fake.account.services[0]}`);
  });

  it('passes with an API key that may not read the account', async () => {
    const fake = await fakeWith();
    const { apiKey, apiKeySecret } = fake.account;
    await verify(fake, { apiKey, apiKeySecret, authToken: undefined });
  });

  it.each([
    ['a wrong token', { authToken: 'f'.repeat(32) }, 'Authenticate'],
    ['a wrong API key', { apiKey: `SK${'0'.repeat(32)}`, apiKeySecret: 'wrong' }, 'Authenticate'],
    ['a foreign number', { from: '+15005550001' }, 'not one of the account’s'],
    ['a number for calls only', { from: '+15005550002' }, 'cannot send SMS'],
    ['a foreign short code', { from: '54321' }, 'not one of the account’s'],
    ['a foreign service', { messagingServiceSid: `MG${'0'.repeat(32)}` }, 'no messaging service'],
  ])('fails with %s, and says so', async (_what, changes, says) => {
    const fake = await fakeWith({ withoutSms: ['+15005550002'] });
    const failure = await failureOf(verify(fake, changes));
    expect(failure).toMatchObject({ reason: 'auth_error' });
    expect(failure.providerResponse).toContain(says);
  });

  it.each(['suspended', 'closed'] as const)('fails with an account that is %s', async (status) => {
    const fake = await fakeWith({ status });
    expect(await failureOf(verify(fake))).toMatchObject({
      reason: 'auth_error',
      providerResponse: `the account is ${status}`,
    });
  });

  it('fails with Twilio out of order, as a matter of Twilio', async () => {
    const fake = await fakeWith();
    fake.behave({ at: 'account', do: { status: 503, code: 20503 } });
    expect(await failureOf(verify(fake))).toMatchObject({ reason: 'provider_error', providerDown: true });
    fake.behave({ at: 'service', do: 'drop' });
    const failure = await failureOf(verify(fake, { messagingServiceSid: fake.account.services[0] }));
    expect(failure.reason).toBe('network_error');
    expect(failure.providerResponse).not.toContain('may have been accepted');
  });

  it('ends with the call', async () => {
    const fake = await fakeWith();
    fake.behave({ at: 'numbers', do: 'hang' });
    const trying = twilioSmsChannel(fake.url).verify(accountOf(fake), sendContext({ timeoutMs: 300 }));
    expect(await failureOf(trying)).toMatchObject({
      reason: 'network_error',
      providerResponse: 'no answer in time',
    });
  });

  it('of WhatsApp asks for the account, and for no phone number', async () => {
    const fake = await fakeWith();
    const { sid, authToken } = fake.account;
    const credentials = whatsAppCredentials.parse({ accountSid: sid, authToken, from: '+14155238886' });
    await twilioWhatsAppChannel(fake.url).verify(credentials, sendContext());
    expect(fake.requests).toEqual([`GET /2010-04-01/Accounts/${sid}.json`]);
  });
});
