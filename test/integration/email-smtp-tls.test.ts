import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/smtp-sending.js';
import { sendTo, smtpSessions } from '../support/smtp-sessions.js';

const { channelWith, serverWith } = smtpSessions();

describe('an email over TLS', () => {
  it.each(['implicit', 'starttls'] as const)(
    'goes to a server whose authority is trusted (%s)',
    async (tls) => {
      const server = await serverWith({ tls });
      const mode = tls === 'implicit' ? 'implicit' : 'required';
      await sendTo(channelWith(), server, { credentials: { ca: server.certificate, tls: mode } });
      expect(server.mails[0]?.secure).toBe(true);
    },
  );

  it.each(['implicit', 'starttls'] as const)(
    'is not given to a server that nobody vouches for (%s)',
    async (tls) => {
      const server = await serverWith({ tls });
      const mode = tls === 'implicit' ? 'implicit' : 'required';
      const failure = await failureOf(sendTo(channelWith(), server, { credentials: { tls: mode } }));
      expect(failure).toMatchObject({ reason: 'network_error', retryable: true, providerDown: true });
      expect(failure.providerResponse).toContain('SELF_SIGNED_CERT');
      expect(server.accepted).toBe(0);
    },
  );

  it('is given to one where the credentials say that any certificate will do', async () => {
    const server = await serverWith({ tls: 'implicit' });
    await sendTo(channelWith(), server, { credentials: { rejectUnauthorized: false } });
    expect(server.mails[0]?.secure).toBe(true);
  });

  it('takes STARTTLS from a server on this machine, whoever signed its certificate', async () => {
    const server = await serverWith({ tls: 'starttls' });
    await sendTo(channelWith(), server);
    expect(server.mails[0]?.secure).toBe(true);
  });

  it('stays at home where STARTTLS is required and not offered', async () => {
    const server = await serverWith({ tls: 'none' });
    const failure = await failureOf(sendTo(channelWith(), server, { credentials: { tls: 'required' } }));
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: true });
    expect(server.accepted).toBe(0);
  });

  it('does without where the credentials say none', async () => {
    const server = await serverWith({ tls: 'starttls' });
    await sendTo(channelWith(), server, { credentials: { tls: 'none' } });
    expect(server.mails[0]?.secure).toBe(false);
  });
});

describe('a login', () => {
  const auth = { user: 'carillon-login', pass: 'pässword:/@' };

  it('is made with what the URL carries, percent-encoded', async () => {
    const server = await serverWith({ auth });
    await sendTo(channelWith(), server);
    expect(server.mails[0]?.user).toBe('carillon-login');
  });

  it('is not repeated in the failure when it is wrong, though the server echoes it', async () => {
    const server = await serverWith({ auth });
    const sent = Buffer.from(`\0${auth.user}\0${auth.pass}`).toString('base64');
    server.behave({ at: 'auth', do: { reply: `535 5.7.8 not ${auth.user} with ${auth.pass}: ${sent}` } });
    const failure = await failureOf(sendTo(channelWith(), server));
    expect(failure).toMatchObject({ reason: 'auth_error', retryable: false });
    expect(failure.providerResponse).toBe('535 5.7.8 not [redacted] with [redacted]: [redacted]');
  });

  it('is missed by a server that wants one', async () => {
    const server = await serverWith({ auth });
    const credentials = { user: undefined, pass: undefined };
    const failure = await failureOf(sendTo(channelWith(), server, { credentials }));
    expect(failure).toMatchObject({ reason: 'auth_error', providerDown: false });
  });
});
