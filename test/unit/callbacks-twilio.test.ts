import { randomBytes } from 'node:crypto';
import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import type { Callback } from '../../contracts/feedback.js';
import { takeTwilio } from '../../events/callbacks/twilio.js';

// Signed by Twilio's own library, which is not what verifies.

const token = randomBytes(16).toString('hex');
const url = 'https://notify.example/carillon/hooks/acme/twilio?delivery=ntf_1-sms';
const nowMs = Date.UTC(2026, 2, 1);
const at = new Date(nowMs);

function callback(
  fields: Record<string, string>,
  { signedUrl = url, calledUrl = url, secret = token, signature = '' } = {},
): Callback {
  const given = signature || twilio.getExpectedTwilioSignature(secret, signedUrl, fields);
  return {
    body: Buffer.from(new URLSearchParams(fields).toString()),
    header: (name) => (name === 'x-twilio-signature' ? given : undefined),
    url: calledUrl,
    nowMs,
  };
}
const status = (MessageStatus: string, more: Record<string, string> = {}) => ({
  MessageSid: 'SM1',
  MessageStatus,
  To: '+33612345601',
  From: '+15005550006',
  ...more,
});
const told = (fields: Record<string, string>) => {
  const taken = takeTwilio(callback(fields), [token]);
  if (!taken.ok) throw new Error(taken.problem);
  return taken.told;
};

describe('a signature of Twilio’s', () => {
  it('is right over the address that was called and every field', () => {
    expect(takeTwilio(callback(status('delivered')), ['another', token])).toMatchObject({ ok: true });
    const odd = status('delivered', { Body: 'Öl & Wasser = 100% +', Zz: '', aa: '1' });
    expect(takeTwilio(callback(odd), [token])).toMatchObject({ ok: true });
  });

  it('may have been made with the port in the address', () => {
    const signedUrl = url.replace('notify.example', 'notify.example:443');
    expect(takeTwilio(callback(status('sent'), { signedUrl }), [token])).toMatchObject({ ok: true });
    const calledUrl = url.replace('notify.example', 'notify.example:8443');
    expect(takeTwilio(callback(status('sent'), { calledUrl }), [token])).toMatchObject({ ok: true });
  });

  it.each([
    ['another token', callback(status('delivered'), { secret: 'x'.repeat(32) })],
    [
      'another delivery in the address',
      callback(status('delivered'), { calledUrl: url.replace('ntf_1', 'ntf_2') }),
    ],
    [
      'another host',
      callback(status('delivered'), { calledUrl: url.replace('notify.example', 'evil.example') }),
    ],
    ['a changed field', { ...callback(status('sent')), body: callback(status('delivered')).body }],
    ['no signature', { ...callback(status('sent')), header: () => undefined }],
    ['rubbish', callback(status('sent'), { signature: 'é' })],
  ])('is not right with %s', (_name, forged) => {
    expect(takeTwilio(forged, [token])).toMatchObject({ ok: false });
  });
});

describe('a status of Twilio’s', () => {
  it('tells of the delivery that stands in the address', () => {
    expect(told(status('delivered'))).toEqual({
      feedback: [{ kind: 'delivered', deliveryId: 'ntf_1-sms', at }],
    });
    for (const quiet of ['queued', 'sending', 'sent', 'accepted']) {
      expect(told(status(quiet)).feedback).toEqual([]);
    }
  });

  it('tells nothing of a message that Carillon did not send', () => {
    const plain = 'https://notify.example/hooks/acme/twilio';
    const taken = takeTwilio(callback(status('delivered'), { signedUrl: plain, calledUrl: plain }), [token]);
    expect(taken).toMatchObject({ ok: true, told: { feedback: [] } });
  });

  it.each([
    ['30003', 'provider_error', undefined],
    ['30005', 'invalid_recipient', 'bounced'],
    ['30006', 'invalid_recipient', 'bounced'],
    ['30004', 'invalid_recipient', undefined],
    ['30007', 'content_error', undefined],
    ['21610', 'invalid_recipient', 'opted_out'],
    ['', 'unknown_error', undefined],
  ])('with the code %s is a bounce for %s', (ErrorCode, failureReason, suppress) => {
    const { feedback } = told(status('undelivered', { ErrorCode }));
    expect(feedback).toEqual([
      {
        kind: 'bounced',
        deliveryId: 'ntf_1-sms',
        at,
        failureReason,
        suppress,
        detail: ['undelivered', ErrorCode].filter(Boolean).join(' '),
        addresses: ['+33612345601'],
        providerMessageId: 'SM1',
      },
    ]);
  });

  it('of WhatsApp also tells that it was read', () => {
    const { feedback } = told(status('read', { To: 'whatsapp:+33612345601' }));
    expect(feedback.map(({ kind }) => kind)).toEqual(['delivered', 'opened']);
  });
});

describe('a message to Twilio', () => {
  const answer = (Body: string, more: Record<string, string> = {}) =>
    told({ SmsStatus: 'received', From: '+33612345601', To: '+15005550006', Body, ...more }).answers;
  const who = { channel: 'sms', address: '+33612345601', at };

  it('is an answer', () => {
    expect(answer('Yes, I am coming, please do not stop')).toEqual([{ kind: 'wrote', ...who }]);
    expect(answer('Oui', { From: 'whatsapp:+33612345601' })).toEqual([
      { kind: 'wrote', ...who, channel: 'whatsapp' },
    ]);
  });

  it.each(['STOP', ' stop ', 'Unsubscribe', 'QUIT'])('%s stops', (word) => {
    expect(answer(word)).toEqual([{ kind: 'stopped', ...who }]);
  });

  it('stops or starts by what Twilio took it for, whatever the language', () => {
    expect(answer('ARRÊT', { OptOutType: 'STOP' })).toEqual([{ kind: 'stopped', ...who }]);
    expect(answer('START')).toEqual([
      { kind: 'started', ...who },
      { kind: 'wrote', ...who },
    ]);
  });

  it('stops nothing on WhatsApp, where people block a sender instead', () => {
    expect(answer('STOP', { From: 'whatsapp:+33612345601' })).toMatchObject([{ kind: 'wrote' }]);
  });
});
