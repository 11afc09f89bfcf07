import { describe, expect, it } from 'vitest';
import { twilioSmsChannel } from '../../channels/sms/twilio.js';
import { fakeTwilios, sendSms, sms } from '../support/twilio-sending.js';
import { failureOf } from '../support/smtp-sending.js';

const { fakeWith } = fakeTwilios();

describe('an SMS through Twilio', () => {
  it('goes out from a number, and the receipt says what it is known and billed as', async () => {
    const fake = await fakeWith();
    const receipt = await sendSms(fake);
    expect(fake.messages).toEqual([
      { To: '+33612345678', From: '+15005550006', Body: 'Contract 7 waits for you.' },
    ]);
    expect(receipt).toEqual({
      providerMessageId: expect.stringMatching(/^SM[0-9a-f]{32}$/) as string,
      providerResponse: 'queued',
      units: 1,
    });
  });

  it('takes the number of segments from Twilio', async () => {
    const fake = await fakeWith();
    fake.behave({ at: 'messages', do: { fields: { num_segments: '4' } } });
    expect((await sendSms(fake)).units).toBe(4);
  });

  it('counts the segments itself where a messaging service has not yet chosen who sends', async () => {
    const fake = await fakeWith();
    const receipt = await sendSms(fake, {
      message: { text: '“Contrat” prêt. '.repeat(10) },
      credentials: { messagingServiceSid: fake.account.services[0] },
    });
    expect(receipt).toMatchObject({ units: 3, providerResponse: 'accepted' });
    expect(fake.messages[0]).toMatchObject({ MessagingServiceSid: fake.account.services[0] });
    expect(fake.messages[0]).not.toHaveProperty('From');
  });

  it.each(['Carillon', '12345'])('goes out as %s', async (from) => {
    const fake = await fakeWith();
    await sendSms(fake, { credentials: { from } });
    expect(fake.messages[0]?.From).toBe(from);
  });

  it('brings every character unchanged', async () => {
    const fake = await fakeWith();
    const text = 'a+b & c=d; 100 % “prêt”\n你好 👍🏽';
    await sendSms(fake, { message: { text } });
    expect(fake.messages[0]?.Body).toBe(text);
  });

  it('asks for reports where the deployment can be reached, and for none where it cannot', async () => {
    const fake = await fakeWith();
    const callbackUrl = 'https://carillon.example/hooks/acme/twilio';
    await sendSms(fake, { context: { callbackUrl } });
    await sendSms(fake);
    expect(fake.messages.map((message) => message.StatusCallback)).toEqual([callbackUrl, undefined]);
  });

  it('enters with an API key, also where the auth token is known for the callbacks', async () => {
    const fake = await fakeWith();
    const { apiKey, apiKeySecret } = fake.account;
    await sendSms(fake, { credentials: { apiKey, apiKeySecret, authToken: undefined } });
    await sendSms(fake, { credentials: { apiKey, apiKeySecret, authToken: 'not asked for' } });
    expect(fake.messages).toHaveLength(2);
  });

  it.each([
    [{ to: '0612345678' }, 'invalid_recipient'],
    [{ text: ' \n' }, 'content_error'],
    [{ text: 'a'.repeat(1601) }, 'content_error'],
  ])('is not sent at all with %o', async (changes, reason) => {
    const fake = await fakeWith();
    expect(() => twilioSmsChannel().check(sms(changes))).toThrow(reason);
    expect(await failureOf(sendSms(fake, { message: changes }))).toMatchObject({ reason });
    expect(fake.requests).toEqual([]);
  });

  it('of 1600 characters is sent', async () => {
    const fake = await fakeWith();
    await sendSms(fake, { message: { text: 'a'.repeat(1600) } });
    expect(fake.messages).toHaveLength(1);
  });
});
