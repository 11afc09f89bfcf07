import { describe, expect, it } from 'vitest';
import { whatsAppCredentials } from '../../channels/twilio/credentials.js';
import { twilioWhatsAppChannel } from '../../channels/whatsapp/twilio.js';
import type { FakeTwilio } from '../support/fake-twilio.js';
import { fakeTwilios, whatsApp } from '../support/twilio-sending.js';
import { failureOf, sendContext } from '../support/smtp-sending.js';

const { fakeWith } = fakeTwilios();

function send({ url, account }: FakeTwilio, sender: Record<string, unknown> = { from: '+14155238886' }) {
  const { sid, authToken } = account;
  const credentials = whatsAppCredentials.parse({ accountSid: sid, authToken, ...sender });
  return twilioWhatsAppChannel(url).send(whatsApp(), credentials, sendContext());
}

describe('a WhatsApp message through Twilio', () => {
  it.each(['+14155238886', 'whatsapp:+14155238886'])('goes out from %s', async (from) => {
    const fake = await fakeWith();
    expect(await send(fake, { from })).toMatchObject({ units: 1, providerResponse: 'queued' });
    expect(fake.messages).toEqual([
      { To: 'whatsapp:+33612345678', From: 'whatsapp:+14155238886', Body: 'Contract 7 waits for you.' },
    ]);
  });

  it('goes out through a messaging service', async () => {
    const fake = await fakeWith();
    expect((await send(fake, { messagingServiceSid: fake.account.services[0] })).units).toBe(1);
    expect(fake.messages[0]?.To).toBe('whatsapp:+33612345678');
  });

  it('from a number that is no WhatsApp sender is a matter of the set-up', async () => {
    const fake = await fakeWith();
    const failure = await failureOf(send(fake, { from: '+15005550006' }));
    expect(failure).toMatchObject({ reason: 'auth_error' });
    expect(failure.providerResponse).toContain('63007');
  });

  it.each([
    [63016, { reason: 'content_error', retryable: false }],
    [63015, { reason: 'invalid_recipient', retryable: false }],
    [63014, { reason: 'invalid_recipient', suppress: 'opted_out' }],
    [63038, { reason: 'rate_limited', retryable: true }],
    [63010, { reason: 'provider_error', retryable: true }],
    [63051, { reason: 'auth_error', retryable: false }],
  ])('that Twilio refuses with %i', async (code, expected) => {
    const fake = await fakeWith();
    fake.behave({ at: 'messages', do: { status: 400, code } });
    expect(await failureOf(send(fake))).toMatchObject(expected);
  });

  it('longer than Twilio takes is not sent', () => {
    const channel = twilioWhatsAppChannel();
    expect(() => channel.check(whatsApp({ text: 'a'.repeat(1601) }))).toThrow('content_error');
    channel.check(whatsApp({ text: 'a'.repeat(1600) }));
  });
});
