import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/smtp-sending.js';
import { sendTo, smtpSessions } from '../support/smtp-sessions.js';

const { channelWith, serverWith } = smtpSessions();

describe('connections to an SMTP server', () => {
  it('are used again for the next message', async () => {
    const server = await serverWith();
    const channel = channelWith();
    for (let index = 0; index < 20; index += 1) await sendTo(channel, server);
    expect(server.accepted).toBe(20);
    expect(server.connections.total).toBe(1);
  });

  it('are used again after the server refused a message', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const credentials = { maxConnections: 1 };
    server.behave({ at: 'recipient', do: { reply: '550 5.1.1 unknown' }, times: 1 });
    await failureOf(sendTo(channel, server, { credentials }));
    await sendTo(channel, server, { credentials });
    expect(server.connections.total).toBe(1);
  });

  it('are as many as the credentials allow, however many messages wait', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const sending = Array.from({ length: 60 }, () =>
      sendTo(channel, server, { credentials: { maxConnections: 3 } }),
    );
    await Promise.all(sending);
    expect(server.accepted).toBe(60);
    expect(server.connections.total).toBe(3);
  });

  it('are shared by senders that differ in nothing but the sender', async () => {
    const server = await serverWith();
    const channel = channelWith();
    await sendTo(channel, server);
    const other = { from: 'Other <other@carillon.example>', replyTo: 'desk@carillon.example' };
    await sendTo(channel, server, { credentials: other });
    expect(server.connections.total).toBe(1);
  });

  it('are not shared between tenants, so that one tenant’s hanging sends hold up nobody else', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const one = { credentials: { maxConnections: 1 } };
    const { met } = server.behave({ at: 'recipient', do: 'hang', times: 1 });
    const stopping = new AbortController();
    const hanging = failureOf(
      sendTo(channel, server, { ...one, context: { tenantId: 'hung', signal: stopping.signal } }),
    );
    await met;
    await sendTo(channel, server, { ...one, context: { tenantId: 'stranger' } });
    expect(server.accepted).toBe(1);
    stopping.abort();
    await hanging;
  });

  it('are not shared between logins', async () => {
    const server = await serverWith({ auth: { user: 'carillon', pass: 'right' } });
    const channel = channelWith();
    await sendTo(channel, server);
    const failure = await failureOf(sendTo(channel, server, { credentials: { pass: 'wrong' } }));
    expect(failure.reason).toBe('auth_error');
    expect(server.accepted).toBe(1);
  });

  it('are replaced unnoticed where the server drops one before it has a byte of the message', async () => {
    const server = await serverWith();
    const channel = channelWith();
    await sendTo(channel, server);
    server.behave({ at: 'sender', do: 'drop', times: 1 });
    await sendTo(channel, server);
    expect(server.accepted).toBe(2);
    expect(server.connections.total).toBe(2);
  });

  it('end for the credentials unused for longest when there are too many', async () => {
    const channel = channelWith({ maxPools: 2 });
    const [first, second, third] = [await serverWith(), await serverWith(), await serverWith()];
    await sendTo(channel, first);
    await sendTo(channel, second);
    await sendTo(channel, first);
    await sendTo(channel, third);
    await expect.poll(() => second.connections.open).toBe(0);
    expect(first.connections.open).toBe(1);
    expect(third.connections.open).toBe(1);
  });

  it('finish all that waits for them before they end', async () => {
    const channel = channelWith({ maxPools: 1 });
    const [slow, other] = [await serverWith(), await serverWith()];
    const { met } = slow.behave({ at: 'message', do: { delayMs: 50 } });
    const credentials = { maxConnections: 1 };
    const sending = Promise.all([1, 2, 3].map(() => sendTo(channel, slow, { credentials })));
    await met;
    await sendTo(channel, other);
    await sending;
    expect(slow.accepted).toBe(3);
    await expect.poll(() => slow.connections.open).toBe(0);
  });

  it('end with the channel, which then sends no more', async () => {
    const server = await serverWith();
    const channel = channelWith();
    await sendTo(channel, server);
    await channel.close();
    await expect.poll(() => server.connections.open).toBe(0);
    const failure = await failureOf(sendTo(channel, server));
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: false });
    expect(server.connections.total).toBe(1);
  });
});

describe('a send that is stopped', () => {
  it('ends at once and gives its connection up', async () => {
    const server = await serverWith();
    const stop = new AbortController();
    const { met } = server.behave({ at: 'recipient', do: 'hang' });
    const sending = failureOf(sendTo(channelWith(), server, { context: { signal: stop.signal } }));
    await met;
    const stoppedAt = performance.now();
    stop.abort();
    expect(await sending).toMatchObject({ reason: 'network_error', retryable: true, providerDown: false });
    expect(performance.now() - stoppedAt).toBeLessThan(500);
    await expect.poll(() => server.connections.open).toBe(0);
  });

  it('says that the message may have arrived where only the answer was missing', async () => {
    const server = await serverWith();
    const stop = new AbortController();
    const { met } = server.behave({ at: 'message', do: 'hang' });
    const sending = failureOf(sendTo(channelWith(), server, { context: { signal: stop.signal } }));
    await met;
    stop.abort();
    expect((await sending).providerResponse).toContain('may have been accepted');
  });

  it('leaves the queue without holding up the others', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const stop = new AbortController();
    const credentials = { maxConnections: 1 };
    const { met } = server.behave({ at: 'message', do: { delayMs: 100 }, times: 1 });
    const first = sendTo(channel, server, { credentials });
    const queued = failureOf(sendTo(channel, server, { credentials, context: { signal: stop.signal } }));
    const last = sendTo(channel, server, { credentials });
    await met;
    stop.abort();
    expect((await queued).providerDown).toBe(false);
    await Promise.all([first, last]);
    expect(server.accepted).toBe(2);
  });

  it('does not even connect where it was stopped before', async () => {
    const server = await serverWith();
    await failureOf(sendTo(channelWith(), server, { context: { signal: AbortSignal.abort() } }));
    expect(server.connections.total).toBe(0);
  });

  it('leaves no listener behind on a signal that many sends share', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const stop = new AbortController();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    await Promise.all(
      Array.from({ length: 30 }, () => sendTo(channel, server, { context: { signal: stop.signal } })),
    );
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });
});
