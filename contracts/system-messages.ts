import { z } from 'zod';
import { MAX_INLINE_RECIPIENTS } from './audience.js';
import { severities } from './notification-types.js';
import { blockOfText, externalId } from './primitives.js';

const names = z.array(externalId).min(1).max(100);

/** `POST /v1/system/messages`: a word to those who have their inbox open, or come back to it soon. */
export const systemMessage = z.strictObject({
  to: z
    .strictObject({
      recipient: externalId.optional(),
      recipients: z.array(externalId).min(1).max(MAX_INLINE_RECIPIENTS).optional(),
      role: externalId.optional(),
      roles: names.optional(),
      topic: externalId.optional(),
      topics: names.optional(),
      everyone: z.literal(true).optional(),
    })
    .refine(
      (to) => Object.values(to).some((value) => value !== undefined),
      'names nobody: give recipient(s), role(s), topic(s) or everyone',
    ),
  message: blockOfText(2000).min(1),
  severity: z.enum(severities).default('info'),
});
export type SystemMessage = z.infer<typeof systemMessage>;
