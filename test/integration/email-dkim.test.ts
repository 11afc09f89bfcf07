import { describe, expect, it } from 'vitest';
import { dkimKeyPair, verifyDkim } from '../support/dkim-verifier.js';
import { failureOf } from '../support/smtp-sending.js';
import { sendTo, smtpSessions } from '../support/smtp-sessions.js';

const { channelWith, serverWith } = smtpSessions();
const { privateKey, record } = dkimKeyPair();
const dkim = { domainName: 'carillon.example', keySelector: 'mail', privateKey };
const dns = { 'mail._domainkey.carillon.example': record };

describe('an email of credentials with a DKIM key', () => {
  it('carries a signature that the public key verifies', async () => {
    const server = await serverWith();
    await sendTo(channelWith(), server, {
      credentials: { dkim },
      message: { subject: 'Prüfung  mit Lücken', text: 'Zeile eins  \n\n.\nZeile mit Ümlaut\n\n\n' },
    });
    expect(verifyDkim(server.mails[0]?.raw ?? '', dns)).toMatchObject([
      { domain: 'carillon.example', selector: 'mail', ok: true },
    ]);
  });

  it.each([
    ['the subject', (raw: string) => raw.replace('Subject: Your', 'Subject: My')],
    ['the sender', (raw: string) => raw.replace('From: Carillon', 'From: Somebody')],
    ['the body', (raw: string) => raw.replace('contract 7', 'contract 8')],
    ['the unsubscribe URL', (raw: string) => raw.replace('<https://carillon', '<https://evil')],
    ['what a click on it posts', (raw: string) => raw.replace('List-Unsubscribe=One-Click', 'x=y')],
  ])('carries one that fails once %s is changed on the way', async (_what, change) => {
    const server = await serverWith();
    await sendTo(channelWith(), server, {
      credentials: { dkim },
      message: { unsubscribeUrl: 'https://carillon.example/u/1' },
    });
    const raw = server.mails[0]?.raw ?? '';
    expect(change(raw)).not.toBe(raw);
    expect(verifyDkim(raw, dns)[0]?.ok).toBe(true);
    expect(verifyDkim(change(raw), dns)[0]?.ok).toBe(false);
  });

  it('carries one of each key, where there are several', async () => {
    const server = await serverWith();
    const other = dkimKeyPair();
    const keys = [dkim, { domainName: 'relay.example', keySelector: 'k2', privateKey: other.privateKey }];
    await sendTo(channelWith(), server, { credentials: { dkim: keys } });
    const found = verifyDkim(server.mails[0]?.raw ?? '', {
      ...dns,
      'k2._domainkey.relay.example': other.record,
    });
    expect(found.map(({ domain, ok }) => [domain, ok]).sort()).toEqual([
      ['carillon.example', true],
      ['relay.example', true],
    ]);
  });

  it('is signed anew by another key over the same connection', async () => {
    const server = await serverWith();
    const channel = channelWith();
    const rotated = dkimKeyPair();
    await sendTo(channel, server, { credentials: { dkim } });
    await sendTo(channel, server, { credentials: { dkim: { ...dkim, privateKey: rotated.privateKey } } });
    expect(verifyDkim(server.mails[1]?.raw ?? '', dns)[0]?.ok).toBe(false);
    const now = { 'mail._domainkey.carillon.example': rotated.record };
    expect(verifyDkim(server.mails[1]?.raw ?? '', now)[0]?.ok).toBe(true);
    expect(server.connections.total).toBe(1);
  });

  it('leaves no doubt that nothing arrived where the connection was cut before the message', async () => {
    const server = await serverWith();
    server.behave({ at: 'recipient', do: 'drop' });
    const failure = await failureOf(sendTo(channelWith(), server, { credentials: { dkim } }));
    expect(failure.providerResponse).not.toContain('may have been accepted');
  });

  it('is in doubt where the connection was cut after the message', async () => {
    const server = await serverWith();
    server.behave({ at: 'message', do: 'drop' });
    const failure = await failureOf(sendTo(channelWith(), server, { credentials: { dkim } }));
    expect(failure.providerResponse).toContain('may have been accepted');
  });
});

it('an email of credentials without one carries none', async () => {
  const server = await serverWith();
  await sendTo(channelWith(), server);
  expect(verifyDkim(server.mails[0]?.raw ?? '', dns)).toEqual([]);
});
