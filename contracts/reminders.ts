import { z } from 'zod';
import { checkedDuration, duration } from './durations.js';
import { laterTrigger } from './later.js';
import { externalId, timestamp } from './primitives.js';

const DAY_MS = 86_400_000;
const bounds = [0, 366 * DAY_MS, 'P30D'] as const;
const offsetDuration = duration(...bounds);

/** An offset in milliseconds before the due date. */
export function offsetMs(offset: string): number {
  return offsetDuration.parse(offset);
}

/** What is to be reminded of, and when: `offsets` before `dueAt`, `P0D` at the date itself. */
const reminderFields = z.strictObject({
  dueAt: timestamp,
  offsets: z
    .array(checkedDuration(...bounds))
    .min(1)
    .max(20)
    .check(({ value, issues }) => {
      const seen = new Set<number>();
      for (const [at, offset] of value.entries()) {
        const ms = offsetDuration.safeParse(offset).data;
        if (ms !== undefined && seen.has(ms)) {
          issues.push({ code: 'custom', path: [at], message: 'stands there twice', input: offset });
        }
        if (ms !== undefined) seen.add(ms);
      }
    }),
  /** `dueAt` and `daysLeft` join its `data` when it is sent. */
  notification: laterTrigger,
});

/** `PUT /v1/reminders/{key}`. */
export const reminderPut = reminderFields;
export type ReminderPut = z.infer<typeof reminderPut>;

/** `POST /v1/reminders`. */
export const reminderCreate = reminderFields.extend({ key: externalId });

export const reminderStatuses = [
  /** Something is still to be sent. */
  'active',
  /** Everything was sent. */
  'done',
  /** What it reminds of was done. */
  'completed',
  'withdrawn',
] as const;
export type ReminderStatus = (typeof reminderStatuses)[number];

/** One reminder. */
export interface ReminderPlace {
  tenantId: string;
  key: string;
}

/** Argument of the `reminder` workflow: what it says is in MongoDB. */
export type ReminderInput = ReminderPlace;

export interface ReminderResult {
  status: ReminderStatus | 'gone';
}

/** Input of `remind`: sends what is due. */
export interface RemindRequest extends ReminderPlace {
  /** The workflow's clock. */
  nowMs: number;
}

export interface RemindOutcome {
  status: ReminderStatus | 'gone';
  /** When the next one is due; absent when there is none. */
  nextAtMs?: number;
  /** For operators: `P7D`. */
  nextOffset?: string;
}

/** Input of `withdrawReminder`: an operator stopped its run. */
export interface WithdrawRequest extends ReminderPlace {
  note?: string;
}
