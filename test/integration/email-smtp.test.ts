import { describe, expect, it } from 'vitest';
import type { TestSmtpServer } from '../support/smtp-server.js';
import { failureOf } from '../support/smtp-sending.js';
import { sendTo, smtpSessions } from '../support/smtp-sessions.js';

const { channelWith, serverWith } = smtpSessions();

/** The header block as it crossed the wire, one entry a field. */
const headersOf = (server: TestSmtpServer) =>
  (server.mails[0]?.raw.split('\r\n\r\n')[0] ?? '').split(/\r\n(?![ \t])/);
const headerOf = (server: TestSmtpServer, name: string) =>
  headersOf(server).find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));

describe('an email over SMTP', () => {
  it('arrives with sender, subject, text and HTML as they were, to its recipient alone', async () => {
    const server = await serverWith();
    const from = { name: 'Zoë Ltd', address: 'zoe@ltd.example' };
    await sendTo(channelWith(), server, {
      message: { subject: 'Ihre Prüfung – à faire ✓', from },
      credentials: { from: undefined },
    });
    const [mail] = server.mails;
    expect(mail?.envelope).toEqual({ from: 'zoe@ltd.example', to: ['ada.lovelace@example.com'] });
    expect(mail?.parsed.from?.value).toEqual([from]);
    expect(mail?.parsed.subject).toBe('Ihre Prüfung – à faire ✓');
    expect(mail?.parsed.text?.trim()).toBe('Please look at contract 7.');
    expect(mail?.parsed.html).toContain('<p>Please look at contract 7.</p>');
  });

  it('comes from the sender of the credentials where the message names none', async () => {
    const server = await serverWith();
    await sendTo(channelWith(), server);
    const sender = { name: 'Carillon', address: 'notifications@carillon.example' };
    expect(server.mails[0]?.parsed.from?.value).toEqual([sender]);
  });

  it('has the tenant’s name at the address of the credentials, where both name a sender', async () => {
    const server = await serverWith();
    const from = { name: 'Zoë Ltd', address: 'ceo@bank.example' };
    await sendTo(channelWith(), server, { message: { from } });
    const address = 'notifications@carillon.example';
    expect(server.mails[0]?.parsed.from?.value).toEqual([{ name: 'Zoë Ltd', address }]);
    expect(server.mails[0]?.envelope.from).toBe(address);
  });

  it('asks for answers where the tenant wants them, or where the credentials say', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const replyTo = { name: 'Help', address: 'help@acme.example' };
    await sendTo(channel, server);
    await sendTo(channel, server, { message: { replyTo } });
    await sendTo(channel, server, { message: { replyTo }, credentials: { replyTo: 'desk@acme.example' } });
    expect(server.mails.map((mail) => mail.parsed.replyTo?.value)).toEqual([
      undefined,
      [replyTo],
      [{ name: '', address: 'desk@acme.example' }],
    ]);
  });

  it('is not sent without any sender', async () => {
    const server = await serverWith();
    const failure = await failureOf(sendTo(channelWith(), server, { credentials: { from: undefined } }));
    expect(failure.reason).toBe('content_error');
    expect(server.connections.total).toBe(0);
  });

  it('says that it was generated, so that no vacation responder answers', async () => {
    const server = await serverWith();
    await sendTo(channelWith(), server);
    expect(headerOf(server, 'Auto-Submitted')).toBe('Auto-Submitted: auto-generated');
  });

  it('offers one-click unsubscribe where there is a URL for it, however long', async () => {
    const server = await serverWith();
    const unsubscribeUrl = `https://carillon.example/u/${'t0ken'.repeat(60)}`;
    await sendTo(channelWith(), server, { message: { unsubscribeUrl } });
    expect(headerOf(server, 'List-Unsubscribe')).toBe(`List-Unsubscribe: <${unsubscribeUrl}>`);
    expect(headerOf(server, 'List-Unsubscribe-Post')).toBe(
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    );
  });

  it('offers no unsubscribe where there is no URL', async () => {
    const server = await serverWith();
    await sendTo(channelWith(), server);
    expect(headersOf(server).filter((line) => /^list-/i.test(line))).toEqual([]);
  });

  it('keeps its Message-ID over every attempt, and shares it with no other delivery', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const attempt = { tenantId: 'acme', idempotencyKey: 'n-1:email:h-1' };
    const first = await sendTo(channel, server, { context: attempt });
    await sendTo(channel, server, { context: attempt });
    await sendTo(channel, server, { context: { ...attempt, idempotencyKey: 'n-2:email:h-1' } });
    await sendTo(channel, server, { context: { ...attempt, tenantId: 'globex' } });
    const ids = server.mails.map((mail) => mail.parsed.messageId);
    expect(ids[0]).toMatch(/^<[0-9a-f]{40}@carillon\.example>$/);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    expect(first.providerMessageId).toBe(ids[0]);
  });

  it('names its delivery in its Message-ID, and in the address that it comes back to', async () => {
    const server = await serverWith();
    const token = 'k0123456789abcdef0123456789abcdef-0123456789abcdef';
    const context = { returnToken: token };
    await sendTo(channelWith(), server, { context });
    await sendTo(channelWith(), server, { context, credentials: { returnPath: 'bounces@carillon.example' } });
    await sendTo(channelWith(), server, { credentials: { returnPath: 'bounces@carillon.example' } });
    expect(server.mails.map((mail) => mail.envelope.from)).toEqual([
      'notifications@carillon.example',
      `bounces+${token}@carillon.example`,
      'bounces@carillon.example',
    ]);
    expect(server.mails[1]?.parsed.messageId).toBe(`<${token}@carillon.example>`);
    expect(server.mails[1]?.parsed.from?.text).toContain('notifications@carillon.example');
  });

  it('goes by the Message-ID that the provider gave it, where it says so', async () => {
    const server = await serverWith();
    server.behave({
      at: 'message',
      do: { reply: '250 2.0.0 OK <42@host.prod.outlook.com> [Hostname=host]' },
    });
    const receipt = await sendTo(channelWith(), server);
    expect(receipt.providerMessageId).toBe('<42@host.prod.outlook.com>');
  });

  it('leaves a receipt with what the server said, without the addressee that it echoed', async () => {
    const server = await serverWith();
    server.behave({ at: 'message', do: { reply: '250 2.0.0 Ok: queued as 4F for <{to}>, Ada.Lovelace' } });
    const { providerResponse } = await sendTo(channelWith(), server);
    expect(providerResponse).toContain('Ok: queued as 4F');
    expect(providerResponse).not.toMatch(/lovelace|example\.com/i);
  });
});

describe('what a caller cannot smuggle into an email', () => {
  it('is a header behind a line break in the subject or a name', async () => {
    const server = await serverWith();
    const injected = 'Hello\r\nBcc: eve@example.org\r\n\r\nbody';
    const from = { name: injected, address: 'zoe@ltd.example' };
    await sendTo(channelWith(), server, {
      message: { subject: injected, from, replyTo: from },
      credentials: { from: undefined },
    });
    expect(headerOf(server, 'Bcc')).toBeUndefined();
    expect(server.mails[0]?.envelope.to).toEqual(['ada.lovelace@example.com']);
    const neutral = 'Hello Bcc: eve@example.org body';
    expect(server.mails[0]?.parsed.subject).toBe(neutral);
    const named = [{ name: neutral, address: 'zoe@ltd.example' }];
    expect(server.mails[0]?.parsed.from?.value).toEqual(named);
    expect(server.mails[0]?.parsed.replyTo?.value).toEqual(named);
  });

  it.each([
    'ada@example.com, eve@example.org',
    'ada@example.com\r\nRCPT TO:<eve@example.org>',
    'Ada <ada@example.com>',
    '',
  ])('is a second recipient, or none, in the address %j', async (to) => {
    const server = await serverWith();
    const failure = await failureOf(sendTo(channelWith(), server, { message: { to } }));
    expect(failure.reason).toBe('invalid_recipient');
    expect(server.connections.total).toBe(0);
  });

  it('is a header behind the unsubscribe URL', async () => {
    const server = await serverWith();
    const unsubscribeUrl = 'https://carillon.example/u/1>\r\nBcc: <eve@example.org';
    const failure = await failureOf(sendTo(channelWith(), server, { message: { unsubscribeUrl } }));
    expect(failure.reason).toBe('content_error');
    expect(server.connections.total).toBe(0);
  });

  it('is a file in place of the text', async () => {
    const server = await serverWith();
    const text = 'file:///etc/passwd';
    await sendTo(channelWith(), server, { message: { text, html: `<img src="${text}">` } });
    expect(server.mails[0]?.raw).not.toContain('root:');
    expect(server.mails[0]?.parsed.text?.trim()).toBe(text);
  });
});
