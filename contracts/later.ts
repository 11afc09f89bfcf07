import { z } from 'zod';
import { attachments } from './attachments.js';
import { anyTrigger, broadcastFields } from './broadcasts.js';
import { trigger } from './trigger.js';

/** Files of what is sent later: it may be sent often, and long after the request, so they are fetched each time. */
const byUrl = {
  attachments: attachments
    .refine(
      (all) => all.every(({ content }) => content === undefined),
      'are given by url here, not by content',
    )
    .optional(),
};
const ofOneRequest = { sendAt: true, idempotencyKey: true } as const;

/** What is triggered later for one person or address, without what belongs to a single request. */
export const laterTrigger = trigger.omit(ofOneRequest).extend({
  ...byUrl,
  to: z.strictObject(trigger.shape.to.shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? 'is { recipient } here: one person or address' : undefined,
  }),
});

/** What is triggered again and again, for one or for many. */
export const recurringTrigger = anyTrigger.omit({ ...ofOneRequest, expiresAt: true }).extend(byUrl);
export type RecurringTrigger = z.infer<typeof recurringTrigger>;

const { sendAt: _at, idempotencyKey: _key, expiresAt: _until, ...recurring } = broadcastFields;

/** A campaign that is made again and again. */
export const recurringBroadcast = z
  .strictObject({ ...recurring, ...byUrl })
  .refine(({ to, audience }) => (to === undefined) !== (audience === undefined), {
    path: ['audience'],
    error: 'give one of "to" and "audience"',
  });
export type RecurringBroadcast = z.infer<typeof recurringBroadcast>;
