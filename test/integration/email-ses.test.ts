import { afterEach, describe, expect, it } from 'vitest';
import type { SendContext } from '../../channels/channel.js';
import { sesChannel } from '../../channels/email/ses.js';
import { sesCredentials } from '../../channels/email/ses-credentials.js';
import type { FailureReason } from '../../contracts/errors.js';
import type { EmailMessage } from '../../contracts/messages.js';
import { startFakeSes, type FakeSes } from '../support/fake-ses.js';
import { email, failureOf, sendContext, visibleText } from '../support/smtp-sending.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function account(options?: Parameters<typeof startFakeSes>[0]): Promise<FakeSes> {
  const ses = await startFakeSes(options);
  closing.push(() => ses.close());
  return ses;
}

function channelFor(ses: FakeSes) {
  const channel = sesChannel(ses.url);
  closing.unshift(() => channel.close());
  return channel;
}

function credentialsOf(ses: FakeSes, changes: Record<string, unknown> = {}) {
  const from = 'Carillon <notifications@carillon.example>';
  return sesCredentials.parse({ region: ses.region, ...ses.key, from, ...changes });
}

interface Changes {
  credentials?: Record<string, unknown>;
  message?: Partial<EmailMessage>;
  context?: Partial<SendContext>;
}

function sendTo(ses: FakeSes, { credentials, message, context }: Changes = {}) {
  return channelFor(ses).send(email(message), credentialsOf(ses, credentials), sendContext(context));
}

describe('an email through Amazon SES', () => {
  it('arrives as it was, under a signature that the secret verifies', async () => {
    const ses = await account();
    const { providerMessageId } = await sendTo(ses, {
      message: {
        subject: 'Ihre Prüfung ✓',
        from: { name: 'Zoë Ltd' },
        replyTo: { address: 'help@acme.example' },
        unsubscribeUrl: 'https://carillon.example/u/1',
      },
    });
    const [mail] = ses.mails;
    expect(mail).toMatchObject({ to: ['ada.lovelace@example.com'], messageId: providerMessageId });
    expect(mail?.parsed.subject).toBe('Ihre Prüfung ✓');
    const address = 'notifications@carillon.example';
    expect(mail?.parsed.from?.value).toEqual([{ name: 'Zoë Ltd', address }]);
    expect(mail?.parsed.replyTo?.value).toEqual([{ name: '', address: 'help@acme.example' }]);
    expect(mail?.parsed.text?.trim()).toBe('Please look at contract 7.');
    expect(mail?.parsed.html).toContain('<p>Please look at contract 7.</p>');
    expect(mail?.raw).toContain('List-Unsubscribe: <https://carillon.example/u/1>\r\n');
    expect(mail?.raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
    expect(mail?.raw).toContain('Auto-Submitted: auto-generated\r\n');
  });

  it('goes out under a key for a time, and through a configuration set', async () => {
    const ses = await account({ sessionToken: 'a-session-token/+==' });
    await sendTo(ses, { credentials: { configurationSetName: 'carillon' } });
    expect(ses.mails[0]?.configurationSetName).toBe('carillon');
  });

  it('carries the name of its delivery as a tag, and in its Message-ID', async () => {
    const ses = await account();
    const token = 'k0123456789abcdef0123456789abcdef-0123456789abcdef';
    await sendTo(ses, { context: { returnToken: token } });
    await sendTo(ses);
    expect(ses.mails.map(({ tags }) => tags)).toEqual([{ carillon: token }, undefined]);
    expect(ses.mails[0]?.parsed.messageId).toBe(`<${token}@carillon.example>`);
  });

  it('is not sent twice by the SDK where SES fails', async () => {
    const ses = await account();
    ses.behave({ type: 'InternalServiceErrorException', status: 500 });
    await failureOf(sendTo(ses));
    expect(ses.requests).toBe(1);
  });
});

/** What SES answers, and what becomes of it: the reason, and whether the provider counts as down. */
const refusals: [string, string, number, FailureReason, boolean][] = [
  ['UnrecognizedClientException', 'The security token is invalid', 403, 'auth_error', false],
  ['InvalidClientTokenId', 'The security token is invalid', 403, 'auth_error', false],
  ['InvalidSignatureException', 'does not match', 403, 'auth_error', false],
  ['SignatureDoesNotMatch', 'does not match', 403, 'auth_error', false],
  ['AccessDeniedException', 'not authorized to perform ses:SendEmail', 403, 'auth_error', false],
  ['ExpiredTokenException', 'expired', 403, 'auth_error', false],
  ['AccountSuspendedException', 'suspended', 400, 'auth_error', false],
  ['MailFromDomainNotVerifiedException', 'not verified', 400, 'auth_error', false],
  ['NotFoundException', 'no such configuration set', 404, 'auth_error', false],
  ['SendingPausedException', 'paused', 400, 'provider_error', true],
  ['MessageRejected', 'Email address is not verified.', 400, 'auth_error', false],
  ['MessageRejected', 'Sending paused for this account.', 400, 'provider_error', true],
  ['MessageRejected', 'Message contents are refused', 400, 'content_error', false],
  ['TooManyRequestsException', 'Maximum sending rate exceeded.', 429, 'rate_limited', false],
  ['LimitExceededException', 'Daily message quota exceeded.', 400, 'rate_limited', false],
  ['ThrottlingException', 'Rate exceeded', 400, 'rate_limited', false],
  ['ThrottlingException', 'Rate exceeded', 503, 'rate_limited', false],
  ['BadRequestException', "Missing final '@domain'", 400, 'invalid_recipient', false],
  ['BadRequestException', 'Domain contains control or whitespace', 400, 'invalid_recipient', false],
  ['BadRequestException', 'Message is too long', 400, 'content_error', false],
  ['InternalServiceErrorException', 'oops', 500, 'provider_error', true],
  ['ServiceUnavailable', 'away', 503, 'provider_error', true],
  ['SomethingNewException', 'oops', 400, 'provider_error', false],
];

describe('what SES refuses', () => {
  it.each(refusals)('with %s, "%s" (%i) is %s', async (type, message, status, reason, providerDown) => {
    const ses = await account();
    const words = `${message} <ada.lovelace@example.com> ${ses.key.accessKeyId} ${ses.key.secretAccessKey}`;
    ses.behave({ type, message: words, status });
    const failure = await failureOf(sendTo(ses));
    expect(failure).toMatchObject({ reason, providerDown });
    expect(failure.providerResponse).toContain(`${type}: ${message}`);
    expect(visibleText(failure)).not.toMatch(/lovelace|example\.com|AKIA|fake\/Secret/i);
  });

  it.each([
    ['a secret that is not the key’s', { secretAccessKey: 'wrong/Secret+Key0' }, 'InvalidSignature'],
    ['a key that nobody has', { accessKeyId: 'AKIAWRONGWRONGWR1234' }, 'UnrecognizedClient'],
    ['a region where the key sends nothing', { region: 'us-east-1' }, 'InvalidSignature'],
    ['a session that is none', { sessionToken: 'stale' }, 'UnrecognizedClient'],
    ['a configuration set that is not there', { configurationSetName: 'other' }, 'NotFound'],
    ['a sender that is not verified', { from: 'ceo@bank.example' }, 'MessageRejected'],
  ])('is %s', async (_what, credentials, type) => {
    const ses = await account();
    const failure = await failureOf(sendTo(ses, { credentials }));
    expect(failure).toMatchObject({ reason: 'auth_error', retryable: false });
    expect(failure.providerResponse).toContain(type);
    expect(failure.providerResponse).not.toContain('bank.example');
  });

  it('tells when to come again, where SES says so', async () => {
    const ses = await account();
    ses.behave({ type: 'TooManyRequestsException', status: 429, headers: { 'retry-after': '30' } });
    expect((await failureOf(sendTo(ses))).retryAfterMs).toBe(30_000);
  });
});

describe('an SES that cannot be reached', () => {
  it('is a network error', async () => {
    const ses = await account();
    await ses.close();
    closing.length = 0;
    const failure = await failureOf(sendTo(ses));
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: true });
    expect(failure.providerResponse).toContain('ECONNREFUSED');
  });

  it('is one where it cuts the connection, too', async () => {
    const ses = await account();
    ses.behave('drop');
    expect(await failureOf(sendTo(ses))).toMatchObject({ reason: 'network_error', providerDown: true });
  });

  it('costs no more than the time of the attempt, and may have taken the mail', async () => {
    const ses = await account();
    ses.behave('hang');
    const startedAt = performance.now();
    const failure = await failureOf(sendTo(ses, { context: { timeoutMs: 300 } }));
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: true });
    expect(failure.providerResponse).toBe('no answer in time; the message may have been accepted');
  });

  it('says nothing of it where the send was stopped', async () => {
    const ses = await account();
    const stop = new AbortController();
    const { met } = ses.behave('hang');
    const sending = failureOf(sendTo(ses, { context: { signal: stop.signal } }));
    await met;
    stop.abort();
    expect(await sending).toMatchObject({ reason: 'network_error', providerDown: false });
  });

  it('is not called any more once the channel is closed', async () => {
    const ses = await account();
    const channel = channelFor(ses);
    await channel.close();
    const sending = channel.send(email(), credentialsOf(ses), sendContext());
    expect(await failureOf(sending)).toMatchObject({ reason: 'network_error', providerDown: false });
    expect(ses.requests).toBe(0);
  });
});

describe('verifying SES credentials', () => {
  const verify = (ses: FakeSes, credentials: Record<string, unknown> = {}) =>
    channelFor(ses).verify(credentialsOf(ses, credentials), sendContext());

  it('asks for the account and sends nothing', async () => {
    const ses = await account();
    expect(await verify(ses)).toEqual({});
    expect(ses.mails).toEqual([]);
  });

  it('says that the account is in the sandbox', async () => {
    const ses = await account();
    ses.account.ProductionAccessEnabled = false;
    expect((await verify(ses))?.note).toMatch(/sandbox in eu-west-1/);
    expect((await failureOf(sendTo(ses))).providerResponse).toContain('not verified');
  });

  it('fails where the account may not send', async () => {
    const ses = await account();
    Object.assign(ses.account, { SendingEnabled: false, EnforcementStatus: 'SHUTDOWN' });
    const failure = await failureOf(verify(ses));
    expect(failure.providerResponse).toBe(
      'sending is switched off for this account in eu-west-1 (status SHUTDOWN)',
    );
  });

  it('fails where the secret is wrong', async () => {
    const ses = await account();
    const failure = await failureOf(verify(ses, { secretAccessKey: 'wrong/Secret+Key0' }));
    expect(failure.reason).toBe('auth_error');
  });
});
