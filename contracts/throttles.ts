import { z } from 'zod';
import { checkedDuration } from './durations.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

export const throttleScopes = ['person', 'tenant', 'key'] as const;

/** How often notifications of a type may go out: `{ "max": 3, "per": "P1D" }` for each person. */
export const throttle = z
  .strictObject({
    /** Notifications within one period. */
    max: z.number().int().min(1).max(1000),
    /** ISO 8601. Periods begin at multiples of it, those of whole days at midnight in the person's zone. */
    per: checkedDuration(MINUTE_MS, 31 * DAY_MS, 'P1D'),
    /** Counted for each person, for the tenant as a whole, or for each person and value of `key`. */
    scope: z.enum(throttleScopes).default('person'),
    /** Of `scope: "key"`: a variable of `data`, dotted: `contract.id`. */
    key: z
      .string()
      .max(200)
      .regex(/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/, 'is not the dotted name of a variable')
      .optional(),
    /** What becomes of the excess on channels that interrupt: it is collected into a digest, or not sent. */
    excess: z.enum(['digest', 'drop']).default('drop'),
  })
  .refine((one) => (one.scope === 'key') === (one.key !== undefined), {
    path: ['key'],
    error: 'goes with scope "key", which needs it',
  });
export type Throttle = z.infer<typeof throttle>;

/** Within this time equal content (type, person, data and text) goes out once. */
export const duplicatesWithin = checkedDuration(MINUTE_MS, 31 * DAY_MS, 'PT1H');
