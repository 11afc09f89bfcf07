import { describe, expect, it } from 'vitest';
import type { FailureReason } from '../../contracts/errors.js';
import { credentialsFor, email, failureOf, sendContext, visibleText } from '../support/smtp-sending.js';
import type { SmtpPoint } from '../support/smtp-server.js';
import { sendTo, smtpSessions } from '../support/smtp-sessions.js';

const { channelWith, serverWith } = smtpSessions();

const echo = '<{to}> (ada.lovelace), "Your approval is asked for"';

/** at, what the server answers there, and what becomes of it: the reason, and whether the provider counts as down. */
const replies: [SmtpPoint, string, FailureReason, boolean][] = [
  ['connect', '421 4.3.2 shutting down', 'provider_error', true],
  ['connect', '554 5.7.1 no service for you', 'provider_error', true],
  ['connect', '421 4.7.0 too many connections, try again in 30 seconds', 'rate_limited', false],
  ['sender', '421 4.3.0 closing', 'provider_error', true],
  ['sender', '421 4.7.0 try again later', 'rate_limited', false],
  ['sender', '530 5.7.0 authentication required', 'auth_error', false],
  ['sender', '550 5.1.8 sender unknown', 'content_error', false],
  ['recipient', `451 4.7.1 ${echo}: Greylisted, come back in 5 minutes`, 'provider_error', false],
  ['recipient', `450 4.2.1 ${echo} is busy`, 'provider_error', false],
  ['recipient', '452 4.2.2 over quota', 'provider_error', false],
  ['recipient', '450 4.2.1 receiving mail at a rate that prevents more', 'rate_limited', false],
  ['recipient', '421 too many messages', 'rate_limited', false],
  ['recipient', '421 closing', 'provider_error', true],
  ['recipient', `550 5.1.1 ${echo} unknown`, 'invalid_recipient', false],
  ['recipient', `550 no such user ${echo}`, 'invalid_recipient', false],
  ['recipient', '551 5.1.6 moved', 'invalid_recipient', false],
  ['recipient', '553 5.1.3 bad address', 'invalid_recipient', false],
  ['recipient', `554 5.7.1 ${echo}: Relay access denied`, 'auth_error', false],
  ['recipient', '550 5.4.5 Daily user sending quota exceeded', 'rate_limited', false],
  ['recipient', '552 5.2.2 mailbox full', 'provider_error', false],
  ['message', '451 4.3.0 try again', 'provider_error', false],
  ['message', '421 4.4.2 timeout', 'provider_error', true],
  ['message', `554 5.6.0 ${echo} malformed`, 'content_error', false],
  ['message', '552 5.3.4 too large', 'content_error', false],
  ['message', '550 5.7.1 looks like spam', 'content_error', false],
  ['message', '554 refused', 'content_error', false],
  ['message', '550 refused', 'content_error', false],
];

describe('a server that refuses an email', () => {
  it.each(replies)('at %s with "%s" gives %s', async (at, reply, reason, providerDown) => {
    const server = await serverWith();
    server.behave({ at, do: { reply } });
    const failure = await failureOf(sendTo(channelWith(), server));
    expect(failure).toMatchObject({ reason, providerDown });
    expect(failure.providerResponse).toContain(reply.slice(0, 3));
    expect(visibleText(failure)).not.toMatch(/lovelace|example\.com|approval is asked/i);
  });

  it.each(replies.filter(([at]) => at !== 'connect'))(
    'one command at a time, at %s with "%s", gives the same',
    async (at, reply, reason, providerDown) => {
      const server = await serverWith({ pipelining: false });
      server.behave({ at, do: { reply } });
      expect(await failureOf(sendTo(channelWith(), server))).toMatchObject({ reason, providerDown });
    },
  );

  it('because there is no such mailbox says that the address is not to be written to any more', async () => {
    const server = await serverWith();
    server.behave({ at: 'recipient', do: { reply: '550 5.1.1 <{to}> unknown' } });
    expect(await failureOf(sendTo(channelWith(), server))).toMatchObject({ suppress: 'bounced' });
    server.behave({ at: 'recipient', do: { reply: '550 5.7.1 <{to}> refused by policy' } });
    expect((await failureOf(sendTo(channelWith(), server))).suppress).toBeUndefined();
  });

  it('greylisting for a while tells how long, and takes the mail after it', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const reply = '451 4.7.1 Greylisted, try again in 300 seconds';
    server.behave({ at: 'recipient', do: { reply }, times: 2 });
    expect((await failureOf(sendTo(channel, server))).retryAfterMs).toBe(300_000);
    await failureOf(sendTo(channel, server));
    await sendTo(channel, server);
    expect(server.accepted).toBe(1);
  });
});

describe('a server that goes silent', () => {
  const points: SmtpPoint[] = ['connect', 'sender', 'recipient', 'message'];

  it.each(points)('at %s costs one attempt no more than its time', async (at) => {
    const server = await serverWith();
    server.behave({ at, do: 'hang' });
    const startedAt = performance.now();
    const failure = await failureOf(sendTo(channelWith(), server, { context: { timeoutMs: 400 } }));
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(failure).toMatchObject({ reason: 'network_error', retryable: true, providerDown: true });
  });

  it.each(points)('at %s and cuts the connection is a network error', async (at) => {
    const server = await serverWith();
    server.behave({ at, do: 'drop' });
    const failure = await failureOf(sendTo(channelWith(), server));
    expect(failure).toMatchObject({ reason: 'network_error', retryable: true, providerDown: true });
  });

  it('at the deadline of the caller is no different from one at its own', async () => {
    const server = await serverWith();
    server.behave({ at: 'recipient', do: 'hang' });
    const signal = AbortSignal.timeout(200);
    expect((await failureOf(sendTo(channelWith(), server, { context: { signal } }))).providerDown).toBe(true);
  });

  it.each(['hang', 'drop'] as const)(
    'after the message (%s) leaves a word that it may have arrived',
    async (what) => {
      const server = await serverWith();
      server.behave({ at: 'message', do: what });
      const failure = await failureOf(sendTo(channelWith(), server, { context: { timeoutMs: 400 } }));
      expect(failure.providerResponse).toContain(
        'connection lost after DATA; the message may have been accepted',
      );
    },
  );

  it.each(['sender', 'recipient'] as const)('at %s leaves no doubt that nothing arrived', async (at) => {
    const server = await serverWith();
    server.behave({ at, do: 'drop' });
    const failure = await failureOf(sendTo(channelWith(), server));
    expect(failure.providerResponse).not.toContain('may have been accepted');
  });
});

describe('a server that is not there', () => {
  it('refuses the connection: a network error', async () => {
    const server = await serverWith();
    const { url } = server;
    await server.close();
    const failure = await failureOf(channelWith().send(email(), credentialsFor(url), sendContext()));
    expect(failure).toMatchObject({ reason: 'network_error', retryable: true, providerDown: true });
    expect(failure.providerResponse).toContain('ECONNREFUSED');
  });

  it('has no address: a network error', async () => {
    const credentials = credentialsFor('smtp://mail.invalid:25');
    const failure = await failureOf(
      channelWith().send(email(), credentials, sendContext({ timeoutMs: 5000 })),
    );
    expect(failure).toMatchObject({ reason: 'network_error', retryable: true, providerDown: true });
  });
});
