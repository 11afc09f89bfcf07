import { z } from 'zod';
import type { BroadcastInput } from './broadcast-run.js';
import { duration } from './durations.js';
import { recurringBroadcast, recurringTrigger } from './later.js';
import { externalId, ianaZone, lineOfText, timestamp } from './primitives.js';
import { dayNames, wallClockTime } from './quiet-hours.js';

/** Wall-clock times on those days that fit `days`, `dates` and `months` together; what is left out is every one. */
export const scheduleCalendar = z.strictObject({
  at: z.array(wallClockTime).min(1).max(48),
  days: z.array(z.enum(dayNames)).min(1).max(7).optional(),
  dates: z.array(z.int().min(1).max(31)).min(1).max(31).optional(),
  months: z.array(z.int().min(1).max(12)).min(1).max(12).optional(),
});
export type ScheduleCalendar = z.infer<typeof scheduleCalendar>;

export const overlaps = ['skip', 'buffer', 'allow'] as const;
/** What happens at a time when the run of an earlier one goes on. */
export type Overlap = (typeof overlaps)[number];

const fields = {
  name: lineOfText(200).optional(),
  /** Five fields: `0 9 * * mon-fri`. */
  cron: z.string().min(1).max(200).optional(),
  calendar: scheduleCalendar.optional(),
  /** Default: the tenant's. */
  timezone: ianaZone.optional(),
  /** Each time is put off by up to this long. */
  jitter: duration(1_000, 86_400_000, 'PT5M').nullish(),
  startAt: timestamp.nullish(),
  endAt: timestamp.nullish(),
  overlap: z.enum(overlaps).optional(),
  trigger: recurringTrigger.optional(),
  broadcast: recurringBroadcast.optional(),
};

const oneOf = (one: keyof typeof fields, other: keyof typeof fields) =>
  [
    (given: Partial<Record<keyof typeof fields, unknown>>) =>
      (given[one] === undefined) !== (given[other] === undefined),
    { path: [one] as PropertyKey[], error: `give one of "${one}" and "${other}"` },
  ] as const;

/** `POST /v1/schedules`. Its ID is the caller's, or made. */
export const scheduleCreate = z
  .strictObject({ id: externalId.optional(), ...fields, idempotencyKey: externalId.optional() })
  .refine(...oneOf('cron', 'calendar'))
  .refine(...oneOf('trigger', 'broadcast'));
export type ScheduleCreate = z.infer<typeof scheduleCreate>;

/** `PATCH /v1/schedules/{id}`: `cron` takes the place of a `calendar`, and the other way round; so do the bodies. */
export const schedulePatch = z
  .strictObject(fields)
  .refine((given) => Object.values(given).some((value) => value !== undefined), 'changes nothing')
  .refine(({ cron, calendar }) => cron === undefined || calendar === undefined, {
    path: ['cron'],
    error: 'give one of "cron" and "calendar"',
  })
  .refine(({ trigger, broadcast }) => trigger === undefined || broadcast === undefined, {
    path: ['trigger'],
    error: 'give one of "trigger" and "broadcast"',
  });
export type SchedulePatch = z.infer<typeof schedulePatch>;

/** `POST /v1/schedules/{id}/backfill`: the times from `from` until `to`, both included, are made up for. */
export const scheduleBackfill = z.strictObject({ from: timestamp, to: timestamp });

/** One schedule. */
export interface SchedulePlace {
  tenantId: string;
  scheduleId: string;
}

/** Argument of the `scheduled` workflow: what it sends is in MongoDB. */
export type ScheduledInput = SchedulePlace;

/** Input of `sendScheduled`. */
export interface SendScheduledRequest extends SchedulePlace {
  /** The time of the schedule, without its jitter: the same one again sends nothing more. */
  atMs: number;
  /** The workflow's clock. */
  nowMs: number;
}

export interface SendScheduledOutcome {
  status: 'sent' | 'gone';
  notificationId?: string;
  /** A broadcast that is stored, and whose run is to be started. */
  broadcast?: { input: BroadcastInput; name: string };
}

export interface ScheduledResult {
  status: 'sent' | 'gone';
  notificationId?: string;
  broadcastId?: string;
}
