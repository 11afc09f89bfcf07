import { describe, expect, it } from 'vitest';
import { AddressNotAllowedError, type Network } from '../../contracts/network.js';
import { openNetwork } from '../../runtime/outbound.js';
import { failureOf } from '../support/smtp-sending.js';
import { sendTo, smtpSessions } from '../support/smtp-sessions.js';

const { channelWith, serverWith } = smtpSessions();

/** A way out on which every name leads where `addressOf` says at that moment. */
function network(addressOf: (host: string) => string): Network & { asked: string[] } {
  const asked: string[] = [];
  return {
    ...openNetwork,
    asked,
    resolve(host) {
      asked.push(host);
      return Promise.resolve().then(() => addressOf(host));
    },
  };
}

function refuse(host: string): never {
  throw new AddressNotAllowedError(host);
}

const everywhere = () => '127.0.0.1';

describe('a tenant’s SMTP host', () => {
  it('is reached at the address that the network gave, and nowhere else', async () => {
    const server = await serverWith();
    const way = network(everywhere);
    await sendTo(channelWith(), server, {
      credentials: { host: 'mail.tenant.invalid' },
      context: { network: way },
    });
    expect(way.asked).toEqual(['mail.tenant.invalid']);
    expect(server.accepted).toBe(1);
  });

  it.each(['implicit', 'starttls'] as const)(
    'has to present a certificate for its name, not for the address (%s)',
    async (tls) => {
      const server = await serverWith({ tls });
      const mode = tls === 'implicit' ? 'implicit' : 'required';
      const given = (host: string) => ({
        credentials: { host, tls: mode, ca: server.certificate },
        context: { network: network(everywhere) },
      });
      await sendTo(channelWith(), server, given('localhost'));
      const failure = await failureOf(sendTo(channelWith(), server, given('other.invalid')));
      expect(failure.providerResponse).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
      expect(server.accepted).toBe(1);
    },
  );

  it('is not reached where the network refuses it', async () => {
    const server = await serverWith();
    const failure = await failureOf(sendTo(channelWith(), server, { context: { network: network(refuse) } }));
    expect(failure).toMatchObject({
      reason: 'auth_error',
      providerDown: false,
      providerResponse: 'not sent: the address is not a public one',
    });
    expect(server.connections.total).toBe(0);
  });

  it('is asked for anew with each connection: what DNS says later counts then', async () => {
    const server = await serverWith();
    const channel = channelWith();
    let allowed = true;
    const way = network((host) => (allowed ? '127.0.0.1' : refuse(host)));
    const given = { credentials: { maxMessagesPerConnection: 2 }, context: { network: way } };
    await sendTo(channel, server, given);
    allowed = false;
    await sendTo(channel, server, given);
    expect((await failureOf(sendTo(channel, server, given))).reason).toBe('auth_error');
    expect(server.connections.total).toBe(1);
    expect(way.asked).toHaveLength(2);
  });

  it('gets no connection that was opened on another way out', async () => {
    const server = await serverWith();
    const channel = channelWith();
    await sendTo(channel, server);
    const failure = await failureOf(sendTo(channel, server, { context: { network: network(refuse) } }));
    expect(failure.reason).toBe('auth_error');
    expect(server.accepted).toBe(1);
  });

  it('that nobody can look up is a network error, within the time of the attempt', async () => {
    const server = await serverWith();
    const never: Network = { ...openNetwork, resolve: () => new Promise(() => undefined) };
    const failure = await failureOf(
      sendTo(channelWith(), server, { context: { network: never, timeoutMs: 200 } }),
    );
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: true });
  });
});
