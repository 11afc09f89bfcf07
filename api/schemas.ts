import { z } from 'zod';
import { channelName } from '../contracts/channels.js';
import { errorStatus, failureReasons, type ErrorCode } from '../contracts/errors.js';
import { severities } from '../contracts/notification-types.js';
import { externalId, pageLimit, timestamp } from '../contracts/primitives.js';
import { deliveryStatuses, notificationStatuses } from '../contracts/statuses.js';
import { suppressionReasons } from '../contracts/suppressions.js';

// What answers look like. They describe; what is stored was checked on its way in.

const time = z.iso.datetime();
const maybe = <S extends z.ZodType>(schema: S) => schema.nullable();

export const errorBody = z.object({
  detail: z.string(),
  code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export const channelDecision = z.object({
  action: z.enum(['send', 'hold', 'digest', 'skip']),
  until: time.optional(),
  reason: z.string().optional(),
  detail: z.enum(suppressionReasons).optional(),
  digestKey: z.string().optional().describe('of what is collected: the digest that it goes into'),
});
const decisions = z.partialRecord(channelName, channelDecision);

export const decisionView = z.object({ status: z.enum(notificationStatuses), channels: decisions });

export const acceptedView = z.object({
  id: z.string(),
  status: z.literal('accepted'),
  workflowId: z.string(),
  duplicate: z.boolean(),
  decision: decisionView.optional(),
});

export const statusView = z.object({ id: z.string(), status: z.enum(notificationStatuses) });

export const deliveryView = z.object({
  id: z.string(),
  notificationId: z.string(),
  recipient: z.string(),
  type: z.string(),
  channel: channelName,
  target: z.string(),
  status: z.enum(deliveryStatuses),
  provider: z.string(),
  retryCount: z.number().int(),
  failureReason: maybe(z.enum(failureReasons)),
  reason: maybe(z.string()),
  providerMessageId: maybe(z.string()),
  units: maybe(z.number().int()).describe('what the provider bills it as, e.g. the segments of an SMS'),
  attempts: z.array(
    z.object({
      at: time,
      durationMs: maybe(z.number()),
      provider: z.string(),
      outcome: z.enum(['started', 'interrupted', 'sent', 'failed']),
      failureReason: z.enum(failureReasons).optional(),
      providerResponse: z.string().optional(),
    }),
  ),
  createdAt: time,
  sentAt: maybe(time),
  deliveredAt: maybe(time),
  openedAt: maybe(time),
  clickedAt: maybe(time),
  repliedAt: maybe(time),
  nextAttemptAt: maybe(time),
});

export const notificationView = z.object({
  id: z.string(),
  type: z.string(),
  category: z.string(),
  severity: z.enum(severities),
  recipient: z.string(),
  status: z.enum(notificationStatuses),
  priority: z.string(),
  title: maybe(z.string()),
  createdAt: time,
  sendAt: maybe(time),
  expiresAt: maybe(time),
  heldUntil: maybe(time),
  waits: z
    .array(
      z.object({
        channel: channelName,
        action: z.enum(['hold', 'digest']),
        until: time,
        reason: z.string(),
      }),
    )
    .describe('what of it has not gone out, until when, and why'),
  readAt: maybe(time),
  deletedAt: maybe(time),
  workflowId: z.string(),
});

const link = z.object({ label: z.string(), url: z.string() });
const relatedView = maybe(z.object({ type: z.string(), id: z.string() }));

export const notificationFullView = notificationView.extend({
  message: maybe(z.string()),
  data: z.record(z.string(), z.unknown()),
  actor: maybe(z.string()),
  related: relatedView,
  actionUrl: maybe(z.string()),
  imageUrl: maybe(z.string()),
  actions: z.array(link),
  threadKey: maybe(z.string()),
  // Sequence 0, without channels, until the first plan is stored.
  plan: z.object({
    sequence: z.number().int(),
    decidedAt: maybe(time),
    channels: decisions,
    templates: z
      .partialRecord(channelName, z.string())
      .describe('by channel, the version of the template that it is written with; a built-in text has none'),
  }),
  deliveries: z.array(deliveryView),
  timeline: z.array(z.object({ at: time, event: z.string(), detail: z.string().optional() })),
  temporalUrl: maybe(z.string()),
});

export const itemView = z.object({
  id: z.string(),
  type: z.string(),
  category: z.string(),
  severity: z.enum(severities),
  critical: z.boolean().describe('true where its type is critical, or it was sent with critical priority'),
  title: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
  actor: maybe(z.string()),
  related: relatedView,
  icon: z.string(),
  color: z.string(),
  actionUrl: maybe(z.string()),
  imageUrl: maybe(z.string()),
  actions: z.array(link),
  threadKey: maybe(z.string()),
  createdAt: time,
  seenAt: maybe(time),
  readAt: maybe(time),
  archivedAt: maybe(time),
  snoozedUntil: maybe(time),
});

export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** What became of the rows of an upload that were not taken. */
export const rowReport = {
  rejected: z.number().int(),
  errors: z.array(z.object({ line: z.number().int(), path: z.string(), message: z.string() })),
  errorsTruncated: z.literal(true).optional(),
};

// What requests share.

export const idParams = z.object({ id: externalId });
export const cursor = z.string().max(1000).optional();
export const paging = { limit: pageLimit, cursor };
export const instantParameter = timestamp.transform((text) => new Date(text)).optional();
