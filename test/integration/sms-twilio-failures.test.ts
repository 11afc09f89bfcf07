import { describe, expect, it } from 'vitest';
import type { FailureReason } from '../../contracts/errors.js';
import { twilioSmsChannel } from '../../channels/sms/twilio.js';
import { accountOf, fakeTwilios, sendSms, sms } from '../support/twilio-sending.js';
import { failureOf, sendContext, visibleText } from '../support/smtp-sending.js';

const { fakeWith } = fakeTwilios();

/** HTTP status and code that Twilio answers, what becomes of it, and whether the provider counts as down. */
const refusals: [number, number | undefined, FailureReason, boolean][] = [
  [401, 20003, 'auth_error', false],
  [401, undefined, 'auth_error', false],
  [403, 20005, 'auth_error', false],
  [403, 20006, 'auth_error', false],
  [404, 20404, 'auth_error', false],
  [400, 21212, 'auth_error', false],
  [400, 21408, 'auth_error', false],
  [400, 21603, 'auth_error', false],
  [400, 21606, 'auth_error', false],
  [400, 21609, 'auth_error', false],
  [400, 21612, 'auth_error', false],
  [400, 21703, 'auth_error', false],
  [400, 30034, 'auth_error', false],
  [400, 21211, 'invalid_recipient', false],
  [400, 21217, 'invalid_recipient', false],
  [400, 21219, 'invalid_recipient', false],
  [400, 21608, 'invalid_recipient', false],
  [400, 21610, 'invalid_recipient', false],
  [400, 21614, 'invalid_recipient', false],
  [400, 30005, 'invalid_recipient', false],
  [400, 30006, 'invalid_recipient', false],
  [400, 63003, 'invalid_recipient', false],
  [400, 21602, 'content_error', false],
  [400, 21617, 'content_error', false],
  [400, 30007, 'content_error', false],
  [400, 63016, 'content_error', false],
  [429, 20429, 'rate_limited', false],
  [429, undefined, 'rate_limited', false],
  [400, 21611, 'rate_limited', false],
  [400, 30022, 'rate_limited', false],
  [400, 63018, 'rate_limited', false],
  [400, 30001, 'provider_error', false],
  [400, 30003, 'provider_error', false],
  [400, 30008, 'provider_error', false],
  // A carrier's and a channel's code that the table does not know yet.
  [400, 30999, 'provider_error', false],
  [400, 63999, 'provider_error', false],
  [500, 20500, 'provider_error', true],
  [503, 20503, 'provider_error', true],
  [502, undefined, 'provider_error', true],
  [307, undefined, 'provider_error', false],
  [400, 29999, 'unknown_error', false],
  [418, undefined, 'unknown_error', false],
];

const echo = 'Of +33612345678, 33612345678, +3361234XXXX and +15005550006: "Contract 7 waits for you."';

describe('Twilio that refuses an SMS', () => {
  it.each(refusals)('with HTTP %i and code %s gives %s', async (status, code, reason, providerDown) => {
    const fake = await fakeWith();
    const answer = code === undefined ? { status, raw: echo } : { status, code, message: echo };
    fake.behave({ at: 'messages', do: answer });
    const failure = await failureOf(sendSms(fake));
    expect(failure).toMatchObject({ reason, providerDown });
    expect(failure.providerResponse).toContain(`HTTP ${status}`);
    if (code !== undefined) expect(failure.providerResponse).toContain(`Twilio ${code}`);
    expect(visibleText(failure)).not.toMatch(/336123|500555|waits for you/);
  });

  it('because the person opted out says that they are not to be written to', async () => {
    const fake = await fakeWith({ optedOut: ['+33612345678'] });
    expect(await failureOf(sendSms(fake))).toMatchObject({
      reason: 'invalid_recipient',
      suppress: 'opted_out',
      retryable: false,
    });
    fake.behave({ at: 'messages', do: { status: 400, code: 21211 } });
    expect((await failureOf(sendSms(fake))).suppress).toBeUndefined();
  });

  it.each([
    ['7', 7_000],
    ['999999999', 86_400_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('for too many calls, with Retry-After: %s', async (header, retryAfterMs) => {
    const fake = await fakeWith();
    const answer = { status: 429, code: 20429, headers: { 'retry-after': header } };
    fake.behave({ at: 'messages', do: answer });
    const failure = await failureOf(sendSms(fake));
    expect(failure).toMatchObject({ reason: 'rate_limited', retryable: true });
    expect(failure.retryAfterMs).toBe(retryAfterMs);
    expect(fake.requests).toHaveLength(1);
  });

  it('after it took it gives the reason of the message', async () => {
    const fake = await fakeWith();
    const fields = { status: 'failed', error_code: 30006, error_message: 'Landline' };
    fake.behave({ at: 'messages', do: { fields } });
    expect(await failureOf(sendSms(fake))).toMatchObject({
      reason: 'invalid_recipient',
      providerResponse: 'Twilio 30006: Landline',
    });
  });

  it.each([
    ['a token that is wrong', { authToken: 'f'.repeat(32) }, 'auth_error', '20003'],
    ['another account', { accountSid: `AC${'0'.repeat(32)}` }, 'auth_error', '20003'],
    ['a number of somebody else', { from: '+15005550001' }, 'auth_error', '21606'],
    ['a service that is not there', { messagingServiceSid: `MG${'0'.repeat(32)}` }, 'auth_error', '21701'],
  ])('because of %s', async (_what, credentials, reason, code) => {
    const fake = await fakeWith();
    const failure = await failureOf(sendSms(fake, { credentials }));
    expect(failure).toMatchObject({ reason, retryable: false });
    expect(failure.providerResponse).toContain(code);
  });
});

describe('Twilio that answers something else', () => {
  it.each([
    [201, 'not JSON'],
    [200, '<html>a captive portal</html>'],
    [201, 'null'],
    [400, 'null'],
    [400, '{"error":"a proxy"}'],
    [400, ''],
  ])('HTTP %i, %s, is a classified failure', async (status, raw) => {
    const fake = await fakeWith();
    fake.behave({ at: 'messages', do: { status, raw } });
    const failure = await failureOf(sendSms(fake));
    expect(failure.reason).toBe(status === 400 ? 'unknown_error' : 'provider_error');
    expect(failure.retryable).toBe(true);
  });
});

describe('Twilio that cannot be reached', () => {
  it('because nobody listens: nothing was sent', async () => {
    const fake = await fakeWith();
    await fake.close();
    const failure = await failureOf(sendSms(fake));
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: true, retryable: true });
    expect(failure.providerResponse).toBe('not reached: ECONNREFUSED');
  });

  it('because its name does not exist', async () => {
    const fake = await fakeWith();
    const sending = twilioSmsChannel('http://twilio.invalid').send(sms(), accountOf(fake), sendContext());
    expect(await failureOf(sending)).toMatchObject({ reason: 'network_error', providerDown: true });
  });

  it.each(['drop', 'tear'] as const)('any more (%s): the message may have arrived', async (what) => {
    const fake = await fakeWith();
    fake.behave({ at: 'messages', do: what });
    const failure = await failureOf(sendSms(fake));
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: true });
    expect(failure.providerResponse).toContain('may have been accepted');
  });

  it('and is silent costs one attempt no more than its time', async () => {
    const fake = await fakeWith();
    fake.behave({ at: 'messages', do: 'hang' });
    const startedAt = performance.now();
    const failure = await failureOf(sendSms(fake, { context: { timeoutMs: 400 } }));
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: true });
    expect(failure.providerResponse).toBe('no answer in time; the message may have been accepted');
  });

  it('and is silent until the call is stopped is not to blame for it', async () => {
    const fake = await fakeWith();
    const { met } = fake.behave({ at: 'messages', do: 'hang' });
    const stop = new AbortController();
    const sending = failureOf(sendSms(fake, { context: { signal: stop.signal } }));
    await met;
    stop.abort();
    expect(await sending).toMatchObject({ reason: 'network_error', providerDown: false });
  });
});
