import { z } from 'zod';
import { ianaZone } from './primitives.js';

export const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type DayName = (typeof dayNames)[number];

/** A wall-clock time, `HH:MM`, 00:00-23:59. */
export const wallClockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00');

/**
 * A weekly window in wall-clock time. `days` are those on which it *begins*; an `end` at or before `start` is the
 * next morning, so `22:00`-`07:00` on `fri` ends on Saturday at seven. `start` equal to `end` is a whole day.
 */
export const quietWindow = z.strictObject({
  days: z
    .array(z.enum(dayNames))
    .min(1)
    .max(7)
    .default([...dayNames]),
  start: wallClockTime,
  end: wallClockTime,
});
export type QuietWindow = z.infer<typeof quietWindow>;

/** `timezone` falls back to the person's, then to the tenant's. */
export const quietHours = z.strictObject({
  timezone: ianaZone.optional(),
  windows: z.array(quietWindow).max(50),
});
export type QuietHours = z.infer<typeof quietHours>;
