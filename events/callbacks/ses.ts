import { z } from 'zod';
import { redactResponse } from '../../channels/redaction.js';
import type { Feedback } from '../../contracts/feedback.js';
import { jsonIn } from '../../contracts/json.js';
import { tokensIn, type TokenReader } from '../../models/delivery-tokens.js';
import { isByMachine } from './machines.js';

const recipients = z
  .array(
    z.looseObject({
      emailAddress: z.string(),
      status: z.string().optional(),
      diagnosticCode: z.string().optional(),
    }),
  )
  .default([]);
const at = z.looseObject({ timestamp: z.iso.datetime({ offset: true }).optional() });

/** What SES publishes of a mail: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html. */
const sesEvent = z.looseObject({
  eventType: z.string().optional(),
  /** Of an identity's feedback notifications, which have no tags. */
  notificationType: z.string().optional(),
  mail: z.looseObject({
    messageId: z.string().optional(),
    tags: z.record(z.string(), z.array(z.string())).optional(),
    headers: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
  }),
  delivery: at.optional(),
  bounce: at
    .extend({
      bounceType: z.string().optional(),
      bounceSubType: z.string().optional(),
      bouncedRecipients: recipients,
    })
    .optional(),
  complaint: at
    .extend({ complaintFeedbackType: z.string().nullish(), complainedRecipients: recipients })
    .optional(),
  deliveryDelay: at.extend({ delayType: z.string().optional() }).optional(),
  open: at.extend({ userAgent: z.string().optional() }).optional(),
  click: at.optional(),
  reject: z.looseObject({ reason: z.string().optional() }).optional(),
});
type SesEvent = z.infer<typeof sesEvent>;

/** The tag that names the delivery, as `channels/email/ses.ts` sets it. */
const SES_TAG = 'carillon';

/** What an event of SES tells; nothing where it is of a mail that Carillon did not send, or of no interest. */
export function sesFeedback(message: string, nowMs: number, deliveryOf: TokenReader): Feedback[] {
  const parsed = sesEvent.safeParse(jsonIn(message));
  if (!parsed.success) return [];
  const deliveryId = deliveryIn(parsed.data, deliveryOf);
  const told = deliveryId === undefined ? undefined : feedbackOf(parsed.data, deliveryId, nowMs);
  return told ? [told] : [];
}

/** The tag, or where there are none the Message-ID that Carillon had given it. */
function deliveryIn({ mail }: SesEvent, deliveryOf: TokenReader): string | undefined {
  const ids = (mail.headers ?? []).filter(({ name }) => name.toLowerCase() === 'message-id');
  const tokens = [...(mail.tags?.[SES_TAG] ?? []), ...ids.flatMap(({ value }) => tokensIn(value))];
  return tokens.map((token) => deliveryOf('email', token)).find((id) => id !== undefined);
}

function feedbackOf(event: SesEvent, deliveryId: string, nowMs: number): Feedback | undefined {
  const { bounce, complaint, delivery, deliveryDelay, open, click, reject, mail } = event;
  const of = (part: { timestamp?: string | undefined } | undefined) => ({
    deliveryId,
    at: part?.timestamp === undefined ? new Date(nowMs) : new Date(part.timestamp),
  });
  switch (event.eventType ?? event.notificationType ?? '') {
    case 'Delivery':
      return { kind: 'delivered', ...of(delivery) };
    case 'Bounce': {
      const detail = detailOf(bounce);
      if (bounce?.bounceType !== 'Permanent') return { kind: 'delayed', ...of(bounce), detail };
      return {
        kind: 'bounced',
        ...of(bounce),
        failureReason: 'invalid_recipient',
        suppress: 'bounced',
        detail,
        addresses: bounce.bouncedRecipients.map(({ emailAddress }) => emailAddress),
        providerMessageId: mail.messageId,
      };
    }
    case 'Complaint':
      return {
        kind: 'complained',
        ...of(complaint),
        detail: complaint?.complaintFeedbackType ?? 'complaint',
        addresses: (complaint?.complainedRecipients ?? []).map(({ emailAddress }) => emailAddress),
      };
    case 'Reject':
      return {
        kind: 'bounced',
        ...of(undefined),
        failureReason: 'content_error',
        detail: redactResponse(reject?.reason ?? 'rejected', []),
        addresses: [],
        providerMessageId: mail.messageId,
      };
    case 'DeliveryDelay':
      return { kind: 'delayed', ...of(deliveryDelay), detail: deliveryDelay?.delayType ?? 'delayed' };
    case 'Open':
      return { kind: 'opened', ...of(open), tracked: true, byMachine: isByMachine(open?.userAgent) };
    case 'Click':
      return { kind: 'clicked', ...of(click), tracked: true };
    default:
      return undefined;
  }
}

function detailOf(bounce: SesEvent['bounce']): string {
  const [first] = bounce?.bouncedRecipients ?? [];
  const said = [bounce?.bounceType, bounce?.bounceSubType, first?.status, first?.diagnosticCode];
  return redactResponse(said.filter(Boolean).join(' '), first ? [first.emailAddress] : []);
}
