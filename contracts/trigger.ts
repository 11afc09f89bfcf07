import { z } from 'zod';
import { attachments } from './attachments.js';
import { pushToken } from './devices.js';
import { beside } from './beside.js';
import { channelName, MAX_CHANNELS, ownChannelName } from './channels.js';
import {
  emailAddress,
  externalId,
  ianaZone,
  jsonData,
  lineOfText,
  linkUrl,
  locale,
  phoneNumber,
  timestamp,
  typeName,
} from './primitives.js';
import { digestKey, digestWindow } from './digests.js';
import { escalation } from './escalation.js';
import { severities } from './notification-types.js';
import { priorityName } from './priorities.js';

/** A person brought with the trigger: created or updated when the notification is planned. */
export const inlineRecipient = z.strictObject({
  id: externalId,
  email: emailAddress.optional(),
  phone: phoneNumber.optional(),
  locale: locale.optional(),
  timezone: ianaZone.optional(),
});
export type InlineRecipient = z.infer<typeof inlineRecipient>;

/** An address without a person behind it: no inbox, no preferences. */
export const bareAddress = z.union([
  z.strictObject({ email: emailAddress }),
  z.strictObject({ phone: phoneNumber }),
  z.strictObject({ pushToken }),
]);
export type BareAddress = z.infer<typeof bareAddress>;

/** One recipient: an ID, a person brought along, or a bare address. */
export const recipient = z
  .unknown()
  .transform((value, context): string | InlineRecipient | BareAddress => {
    const schema =
      typeof value === 'string'
        ? externalId
        : isRecord(value) && 'id' in value
          ? inlineRecipient
          : bareAddress;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    if (schema === bareAddress) {
      const single = singleAddressIssue(value);
      for (const issue of single) context.issues.push({ ...issue, input: value });
      return z.NEVER;
    }
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  })
  .meta({
    anyOf: [
      { type: 'string', maxLength: 200 },
      { type: 'object', required: ['id'], description: 'a person brought along' },
      { type: 'object', description: 'a bare address: exactly one of email, phone, pushToken' },
    ],
  });

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function singleAddressIssue(value: unknown) {
  const one = isRecord(value) ? Object.keys(value) : [];
  const [key] = one;
  if (one.length === 1 && (key === 'email' || key === 'phone' || key === 'pushToken')) {
    const field = { email: emailAddress, phone: phoneNumber, pushToken }[key];
    const parsed = field.safeParse((value as Record<string, unknown>)[key]);
    return (parsed.error?.issues ?? []).map((issue) => ({
      code: 'custom' as const,
      path: [key, ...issue.path],
      message: issue.message,
    }));
  }
  return [
    {
      code: 'custom' as const,
      path: [],
      message: 'must be an ID, a person with an id, or exactly one of { email }, { phone }, { pushToken }',
    },
  ];
}

const template = (max: number) => z.string().min(1).max(max);

/** What an own channel of the deployment says; without a title the tenant's name stands in for it. */
const ownContent = z.strictObject({ title: template(255).optional(), text: template(10_000) });

/** Text brought by the caller in place of the type's template; Liquid placeholders are filled from `data`. */
export const content = beside(
  {
    in_app: z.strictObject({ title: template(255), message: template(10_000) }).optional(),
    email: z
      .strictObject({
        subject: lineOfText(998),
        html: template(500_000).optional(),
        text: template(500_000).optional(),
      })
      .refine((mail) => mail.html !== undefined || mail.text !== undefined, 'needs html or text')
      .optional(),
    sms: z.strictObject({ text: template(1600) }).optional(),
    push: z.strictObject({ title: template(255), body: template(4000) }).optional(),
    slack: z.strictObject({ text: template(10_000) }).optional(),
    teams: z.strictObject({ text: template(10_000) }).optional(),
    whatsapp: z.strictObject({ text: template(4096) }).optional(),
    webhook: z.strictObject({ body: jsonData }).optional(),
  },
  z.partialRecord(ownChannelName, ownContent),
).refine((texts) => Object.values(texts).some((text) => text !== undefined), 'names no channel');
export type Content = z.infer<typeof content>;

export const related = z.strictObject({ type: externalId, id: externalId });
export const action = z.strictObject({ label: lineOfText(100), url: linkUrl });

/** In place of a time: when the person is reached best, within a day. */
export const BEST_TIME = 'best';

const sendTime = z.union([timestamp, z.literal(BEST_TIME)], {
  error: 'must be an ISO 8601 date-time such as 2026-12-01T08:00:00Z, or "best"',
});

/** What is said and how, whoever it is said to. */
export const messageFields = {
  type: typeName,
  data: jsonData.default({}),
  content: content.optional(),
  actor: externalId.nullish(),
  related: related.nullish(),
  actionUrl: linkUrl.nullish(),
  channels: z.array(channelName).min(1).max(MAX_CHANNELS).optional(),
  sendAt: sendTime.nullish(),
  expiresAt: timestamp.nullish(),
  priority: priorityName.default('normal'),
  idempotencyKey: externalId.optional(),
  digestKey: digestKey.nullish(),
  digest: digestWindow.optional(),
  attachments: attachments.optional(),
  escalation: escalation.optional(),
  threadKey: externalId.nullish(),
  severity: z.enum(severities).optional(),
  category: typeName.nullish(),
  imageUrl: linkUrl.nullish(),
  actions: z.array(action).max(5).default([]),
};

/** A trigger for one person or address. */
export const trigger = z.strictObject({ ...messageFields, to: z.strictObject({ recipient }) });
export type Trigger = z.infer<typeof trigger>;

/** `PATCH /v1/notifications/{id}`: what a run that still waits may be told anew. */
export const amendment = z
  .strictObject({
    data: jsonData.optional(),
    sendAt: sendTime.nullish(),
    channels: z.array(channelName).min(1).max(MAX_CHANNELS).optional(),
    expiresAt: timestamp.nullish(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'changes nothing');
export type Amendment = z.infer<typeof amendment>;
