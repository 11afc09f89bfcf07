import { describe, expect, it } from 'vitest';
import { sesFeedback } from '../../events/callbacks/ses.js';

const deliveryId = 'ntf_1-email';
const nowMs = Date.UTC(2026, 2, 1, 12);
const timestamp = '2026-03-01T11:00:00.000Z';
const at = new Date(timestamp);
const token = 'k0123456789abcdef0123456789abcdef-0123456789abcdef';
const deliveryOf = (channel: string, given: string) =>
  channel === 'email' && given === token ? deliveryId : undefined;
const feedback = (event: object, mail: object = { tags: { carillon: [token] } }) =>
  sesFeedback(
    JSON.stringify({ mail: { timestamp, messageId: 'ses-1', destination: ['a@b.c'], ...mail }, ...event }),
    nowMs,
    deliveryOf,
  );
const recipient = {
  emailAddress: 'ann@example.com',
  action: 'failed',
  status: '5.1.1',
  diagnosticCode: 'smtp; 550 5.1.1 <ann@example.com> user unknown',
};

describe('an event of SES', () => {
  it.each([
    ['Delivery', { delivery: { timestamp, recipients: ['ann@example.com'] } }, { kind: 'delivered', at }],
    [
      'Bounce',
      {
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: [recipient],
          timestamp,
        },
      },
      {
        kind: 'bounced',
        at,
        suppress: 'bounced',
        failureReason: 'invalid_recipient',
        addresses: ['ann@example.com'],
        providerMessageId: 'ses-1',
      },
    ],
    [
      'Bounce',
      { bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull', bouncedRecipients: [], timestamp } },
      { kind: 'delayed', at, detail: 'Transient MailboxFull' },
    ],
    [
      'Complaint',
      { complaint: { complainedRecipients: [recipient], complaintFeedbackType: 'abuse', timestamp } },
      { kind: 'complained', at, detail: 'abuse', addresses: ['ann@example.com'] },
    ],
    [
      'DeliveryDelay',
      { deliveryDelay: { delayType: 'SpamDetected', timestamp } },
      { kind: 'delayed', at, detail: 'SpamDetected' },
    ],
    [
      'Open',
      { open: { timestamp, userAgent: 'Mozilla/5.0' } },
      { kind: 'opened', at, tracked: true, byMachine: true },
    ],
    [
      'Click',
      { click: { timestamp, link: 'https://a.example', userAgent: 'x' } },
      { kind: 'clicked', at, tracked: true },
    ],
    ['Reject', { reject: { reason: 'Bad content' } }, { kind: 'bounced', failureReason: 'content_error' }],
  ])('%s tells what became of the delivery', (eventType, parts, told) => {
    expect(feedback({ eventType, ...parts })).toMatchObject([{ deliveryId, ...told }]);
  });

  it('is told apart from those of no interest, and of other people’s mails', () => {
    expect(feedback({ eventType: 'Send', send: {} })).toEqual([]);
    expect(feedback({ eventType: 'Subscription' })).toEqual([]);
    expect(feedback({ eventType: 'Delivery', delivery: {} }, {})).toEqual([]);
    expect(feedback({ eventType: 'Delivery', delivery: {} }, { tags: { carillon: ['forged'] } })).toEqual([]);
    expect(sesFeedback('Successfully validated SNS topic', nowMs, deliveryOf)).toEqual([]);
  });

  it('without tags, as feedback notifications are, is known by the Message-ID that the mail was given', () => {
    const headers = [{ name: 'Message-ID', value: `<${token}@acme.example>` }];
    const event = { notificationType: 'Delivery', delivery: { timestamp } };
    expect(feedback(event, { headers })).toEqual([{ kind: 'delivered', deliveryId, at }]);
  });

  it('keeps no address in its detail', () => {
    const [told] = feedback({
      eventType: 'Bounce',
      bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [recipient] },
    });
    expect(JSON.stringify({ ...told, addresses: [] })).not.toContain('ann');
    expect(told).toMatchObject({ at: new Date(nowMs) });
  });
});
