import { describe, expect, it } from 'vitest';
import { AddressNotAllowedError } from '../../contracts/network.js';
import { openNetwork } from '../../runtime/outbound.js';
import { credentialsFor, failureOf, sendContext, visibleText } from '../support/smtp-sending.js';
import type { TestSmtpServer } from '../support/smtp-server.js';
import { smtpSessions } from '../support/smtp-sessions.js';

const { channelWith, serverWith } = smtpSessions();
const auth = { user: 'carillon-login', pass: 'pa55-word' };

const verify = (
  server: TestSmtpServer,
  credentials: Record<string, unknown> = {},
  context: Parameters<typeof sendContext>[0] = {},
) => channelWith().verify(credentialsFor(server.url, credentials), sendContext(context));

describe('verifying SMTP credentials', () => {
  it('logs in, says good-bye and sends nothing', async () => {
    const server = await serverWith({ auth, tls: 'implicit' });
    await verify(server, { ca: server.certificate });
    expect(server.connections.total).toBe(1);
    await expect.poll(() => server.connections.open, { timeout: 5_000 }).toBe(0);
    expect(server.accepted).toBe(0);
  });

  it('tells of a host that does not exist', async () => {
    const server = await serverWith();
    const failure = await failureOf(verify(server, { host: 'mail.invalid' }));
    expect(failure.reason).toBe('network_error');
    expect(failure.providerResponse).toMatch(
      /^(there is no such host|the host could not be looked up): EDNS/,
    );
  });

  it('tells of a port where nobody listens', async () => {
    const server = await serverWith();
    await server.close();
    const failure = await failureOf(verify(server));
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: true });
    expect(failure.providerResponse).toContain('nothing listens there');
  });

  it.each(['implicit', 'starttls'] as const)(
    'tells of a certificate that nobody vouches for (%s)',
    async (tls) => {
      const server = await serverWith({ tls });
      const failure = await failureOf(verify(server, { tls: tls === 'implicit' ? 'implicit' : 'required' }));
      expect(failure.providerResponse).toMatch(/^the certificate is not trusted: .*SELF_SIGNED/);
    },
  );

  it('tells of a server that speaks no TLS', async () => {
    const server = await serverWith();
    expect((await failureOf(verify(server, { tls: 'required' }))).providerResponse).toMatch(/^TLS could not/);
    const implicit = await failureOf(verify(server, { tls: 'implicit' }));
    expect(implicit.providerResponse).toMatch(/^the server does not speak TLS from the first byte/);
  });

  it('tells of a login that is refused, without a word of it', async () => {
    const server = await serverWith({ auth });
    const sent = Buffer.from('\0carillon-login\0wrong-word').toString('base64');
    server.behave({ at: 'auth', do: { reply: `535 5.7.8 not carillon-login with wrong-word: ${sent}` } });
    const failure = await failureOf(verify(server, { pass: 'wrong-word' }));
    expect(failure).toMatchObject({ reason: 'auth_error', retryable: false });
    expect(failure.providerResponse).toMatch(/^the login was refused: 535 5\.7\.8 not \[redacted\]/);
    expect(visibleText(failure)).not.toMatch(/carillon-login|wrong-word/);
  });

  it('tells of an address that is not allowed', async () => {
    const server = await serverWith();
    const network = {
      ...openNetwork,
      resolve: (host: string) => Promise.reject(new AddressNotAllowedError(host)),
    };
    const failure = await failureOf(verify(server, {}, { network }));
    expect(failure).toMatchObject({ reason: 'auth_error' });
    expect(failure.providerResponse).toContain('the address is not a public one');
    expect(server.connections.total).toBe(0);
  });

  it.each(['connect', 'auth'] as const)(
    'ends with its time where the server says nothing at %s',
    async (at) => {
      const server = await serverWith({ auth });
      server.behave({ at, do: 'hang' });
      const startedAt = performance.now();
      const failure = await failureOf(verify(server, {}, { timeoutMs: 300 }));
      expect(performance.now() - startedAt).toBeLessThan(2000);
      expect(failure).toMatchObject({ reason: 'network_error', providerResponse: 'no answer in time' });
      await expect.poll(() => server.connections.open).toBe(0);
    },
  );
});
