import { describe, expect, it } from 'vitest';
import { returnedMail, takeSmtp } from '../../events/callbacks/smtp.js';
import { bounceMail, type BounceFields } from '../support/bounces.js';

const token = 'k0123456789abcdef0123456789abcdef-0123456789abcdef';
const deliveryId = 'ntf_1-email';
const deliveryOf = (_channel: string, given: string) =>
  given.toLowerCase() === token ? deliveryId : undefined;
const nowMs = Date.UTC(2026, 2, 1, 12);
const date = new Date(nowMs - 60_000);
const original = [
  'From: Acme <news@acme.example>',
  'To: ann@example.com',
  `Message-ID: <${token}@acme.example>`,
  'Subject: Hello',
  '',
  'Hello',
].join('\r\n');
const read = (raw: string) => returnedMail(Buffer.from(raw), nowMs, deliveryOf);
const bounce = (fields: Partial<BounceFields> = {}) =>
  read(bounceMail({ to: 'bounces@acme.example', original, recipient: 'ann@example.com', date, ...fields }));

describe('a bounce', () => {
  it.each([
    ['5.1.1', 'smtp; 550 5.1.1 user unknown', 'invalid_recipient', 'bounced'],
    ['5.1.10', 'smtp; 556 5.1.10 null MX', 'invalid_recipient', 'bounced'],
    ['5.2.1', 'smtp; 550 5.2.1 mailbox disabled', 'invalid_recipient', 'bounced'],
    ['5.4.4', 'X-Postfix; no such domain', 'invalid_recipient', 'bounced'],
    ['5.0.0', 'smtp; 550 no such user', 'invalid_recipient', 'bounced'],
    ['5.1.1', 'smtp; 550 5.1.1 sender is on a blocklist', 'invalid_recipient', undefined],
    ['5.2.2', 'smtp; 552 5.2.2 over quota', 'provider_error', undefined],
    ['5.7.1', 'smtp; 550 5.7.1 blocked as spam', 'content_error', undefined],
    ['5.3.4', 'smtp; 552 5.3.4 message too big', 'content_error', undefined],
  ])('of status %s (%s) fails for %s', async (status, diagnostic, failureReason, suppress) => {
    expect(await bounce({ status, diagnostic })).toEqual([
      {
        kind: 'bounced',
        deliveryId,
        at: date,
        failureReason,
        suppress,
        detail: expect.stringContaining(status) as string,
        addresses: ['ann@example.com'],
      },
    ]);
  });

  it('that is not final is only told', async () => {
    expect(await bounce({ action: 'delayed', status: '4.4.1' })).toMatchObject([{ kind: 'delayed' }]);
    expect(await bounce({ action: 'failed', status: '4.4.7' })).toMatchObject([{ kind: 'delayed' }]);
  });

  it('may be none: the mail arrived', async () => {
    expect(await bounce({ action: 'delivered', status: '2.1.5' })).toEqual([
      { kind: 'delivered', deliveryId, at: date },
    ]);
    for (const action of ['relayed', 'expanded', 'rubbish']) {
      expect(await bounce({ action, status: '2.0.0' })).toEqual([]);
    }
  });

  it('names the address that was written to before the one that a forwarding led to', async () => {
    const [told] = await bounce({ recipient: 'old@elsewhere.example', originalRecipient: 'ann@example.com' });
    expect(told).toMatchObject({ addresses: ['ann@example.com', 'old@elsewhere.example'] });
  });

  it('keeps no address in its detail', async () => {
    const [told] = await bounce({
      diagnostic: 'smtp; 550 5.1.1 <ann@example.com>: unknown, ask bob@example.com',
    });
    expect(told).toMatchObject({ detail: expect.not.stringMatching(/ann@|bob@/) as string });
  });

  it('is known by the address that it came back to, where it brings nothing of the mail', async () => {
    const to = `bounces+${token.toUpperCase()}@acme.example`;
    expect(await bounce({ to, original: 'Subject: x' })).toMatchObject([{ kind: 'bounced', deliveryId }]);
  });

  it('of a mail that is not ours is nothing', async () => {
    expect(await bounce({ original: 'Message-ID: <x@acme.example>' })).toEqual([]);
    const forged = original.replace('0123456789abcdef@', 'fedcba9876543210@');
    expect(await bounce({ original: forged })).toEqual([]);
  });

  it('never happened in the future', async () => {
    const [told] = await bounce({ date: new Date(nowMs + 3_600_000) });
    expect(told?.at).toEqual(new Date(nowMs));
  });

  it('with folded fields and bare line feeds is read all the same', async () => {
    const raw = bounceMail({ to: 'b@acme.example', original, recipient: 'ann@example.com', date })
      .replace(/Diagnostic-Code: .*/, 'Diagnostic-Code: smtp; 550 5.1.1\r\n    no such\r\n\tuser')
      .replaceAll('\r\n', '\n');
    expect(await read(raw)).toMatchObject([{ kind: 'bounced', detail: '5.1.1 550 5.1.1 no such user' }]);
  });
});

describe('other mail that comes back', () => {
  const answer = (...headers: string[]) =>
    read(
      [
        'From: Ann <ann@example.com>',
        `Date: ${date.toUTCString()}`,
        `In-Reply-To: <${token}@acme.example>`,
        ...headers,
        'Content-Type: text/plain',
        '',
        'Thanks!',
      ].join('\r\n'),
    );

  it('is somebody’s answer', async () => {
    expect(await answer()).toEqual([{ kind: 'replied', deliveryId, at: date }]);
    expect(await answer('Auto-Submitted: no')).toHaveLength(1);
  });

  it.each(['Auto-Submitted: auto-replied', 'Precedence: bulk', 'X-Autoreply: yes'])(
    'is no answer with %s',
    async (header) => {
      expect(await answer(header)).toEqual([]);
    },
  );

  it('is a complaint, where a reader calls it spam', async () => {
    const report = (type: string) =>
      read(
        [
          'From: feedback@isp.example',
          `Date: ${date.toUTCString()}`,
          'MIME-Version: 1.0',
          'Content-Type: multipart/report; report-type=feedback-report; boundary=b1',
          '',
          '--b1',
          'Content-Type: message/feedback-report',
          '',
          `Feedback-Type: ${type}`,
          'User-Agent: Some ISP',
          'Original-Rcpt-To: <ann@example.com>',
          '',
          '--b1',
          'Content-Type: message/rfc822',
          '',
          original,
          '--b1--',
        ].join('\r\n'),
      );
    expect(await report('abuse')).toEqual([
      { kind: 'complained', deliveryId, at: date, detail: 'abuse', addresses: ['ann@example.com'] },
    ]);
    expect(await report('not-spam')).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['rubbish', '\0\x01\xff'.repeat(1000)],
    ['a report without parts', `To: <x+${token}@a.b>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n`],
    ['parts within parts', nested(400)],
    ['a million of one letter', `In-Reply-To: ${'a'.repeat(1_000_000)}`],
  ])('tells nothing that is %s', async (_name, raw) => {
    expect(await read(raw)).toEqual([]);
  });
});

describe('a mail server', () => {
  const call = (authorization: string | undefined) =>
    takeSmtp(
      {
        body: Buffer.from(bounceMail({ to: 'b@acme.example', original, recipient: 'ann@example.com' })),
        header: (name) => (name === 'authorization' ? authorization : undefined),
        url: '',
        nowMs,
      },
      ['hs_new', 'hs_old'],
      deliveryOf,
    );

  it('proves itself by either secret', async () => {
    expect(await call('Bearer hs_new')).toMatchObject({ ok: true, told: { feedback: [{ deliveryId }] } });
    expect(await call('bearer hs_old')).toMatchObject({ ok: true });
  });

  it.each([undefined, 'Bearer hs_newer', 'Bearer ', 'Basic hs_new', 'hs_new'])(
    'is refused with %s',
    async (given) => {
      expect(await call(given)).toMatchObject({ ok: false });
    },
  );
});

/** Multiparts in each other, so many deep. */
function nested(depth: number): string {
  let text = `To: <x+${token}@a.b>\r\n`;
  for (let level = 0; level < depth; level += 1)
    text += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`;
  return text;
}
