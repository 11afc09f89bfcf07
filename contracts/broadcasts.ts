import { z } from 'zod';
import { audience, manyRecipients } from './audience.js';
import { duration } from './durations.js';
import { lineOfText } from './primitives.js';
import { priorityName } from './priorities.js';
import type { recipient } from './trigger.js';
import { messageFields, trigger } from './trigger.js';
import type { NotificationStatus } from './statuses.js';

const DAY_MS = 86_400_000;

/** `POST /v1/notifications`: for one recipient, or for many as a broadcast. */
export const anyTrigger = z.strictObject({
  ...messageFields,
  to: z
    .unknown()
    .transform((value, context): z.infer<typeof trigger>['to'] | z.infer<typeof manyRecipients> => {
      const isOne = typeof value === 'object' && value !== null && 'recipient' in value;
      const parsed = (isOne ? trigger.shape.to : manyRecipients).safeParse(value);
      if (parsed.success) return parsed.data;
      for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
      return z.NEVER;
    })
    .meta({
      type: 'object',
      description:
        'one of { recipient }, or any of { recipients, role, roles, topic, topics, everyone } together',
      properties: { recipient: {}, recipients: { type: 'array', maxItems: 1000 } },
    }),
});
export type AnyTrigger = z.infer<typeof anyTrigger>;

/** What a broadcast says, to whom, and how fast. */
export const broadcastFields = {
  ...messageFields,
  // A campaign steps back behind what people wait for.
  priority: priorityName.default('low'),
  name: lineOfText(200),
  to: manyRecipients.optional(),
  audience: audience.optional(),
  /** Sent evenly over this long, from the start on. */
  spreadOver: duration(60_000, 30 * DAY_MS, 'PT2H').nullish(),
};

/** `POST /v1/broadcasts`. Without `to` and `audience` it is a draft that recipients are streamed to. */
export const broadcastCreate = z
  .strictObject({
    ...broadcastFields,
    schedule: z.null('is for POST /v1/schedules, which takes a broadcast: leave it out').optional(),
  })
  .refine((given) => given.to === undefined || given.audience === undefined, {
    path: ['audience'],
    error: 'and "to" are two names for the same: give one',
  });
export type BroadcastCreate = z.infer<typeof broadcastCreate>;

/** What a broadcast says, without to whom. */
export type BroadcastMessage = Omit<AnyTrigger, 'to'>;

/** A recipient that came with the request, as stored in the broadcast's list. */
export type ListedRecipient = z.infer<typeof recipient>;

export const broadcastStatuses = [
  /** Made, and not started: its recipients may still be added. */
  'draft',
  'scheduled',
  'running',
  'paused',
  'completed',
  'cancelled',
  'failed',
] as const;
export type BroadcastStatus = (typeof broadcastStatuses)[number];
export const finalBroadcastStatuses: readonly BroadcastStatus[] = ['completed', 'cancelled', 'failed'];

/** How many recipients stand where. */
export const broadcastCounts = [
  'sent',
  'partial',
  'held',
  'digesting',
  'inFlight',
  'suppressed',
  'failed',
  'cancelled',
  'expired',
] as const;
export type BroadcastCounts = Record<(typeof broadcastCounts)[number], number>;

/** The counts that numbers of notifications by status make. */
export function countsOf(byStatus: ReadonlyMap<NotificationStatus, number>): BroadcastCounts {
  const of = (status: NotificationStatus) => byStatus.get(status) ?? 0;
  return {
    sent: of('sent'),
    partial: of('partial'),
    held: of('held'),
    digesting: of('digesting'),
    inFlight: of('accepted') + of('sending'),
    suppressed: of('suppressed'),
    failed: of('failed'),
    cancelled: of('cancelled'),
    expired: of('expired'),
  };
}
