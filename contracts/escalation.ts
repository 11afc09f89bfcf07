import { z } from 'zod';
import { sentChannelName } from './channels.js';
import { checkedDuration, duration } from './durations.js';

const MINUTE_MS = 60_000;
const bounds = [MINUTE_MS, 30 * 1440 * MINUTE_MS, 'PT15M'] as const;
const after = duration(...bounds);

/** Another channel for whoever has not read it by then. The inbox is no such channel: it is where they have not read it. */
const step = z.strictObject({
  /** ISO 8601, counted from when the notification first went out. */
  after: checkedDuration(...bounds),
  unless: z.literal('read').default('read'),
  channel: sentChannelName,
});

export const MAX_ESCALATIONS = 5;

/** What a trigger, or a type, declares. Taken in the order of their times. */
export const escalation = z.array(step).max(MAX_ESCALATIONS);
export type Escalation = z.infer<typeof escalation>;
export type EscalationStep = Escalation[number];

/** The steps in the order in which they are taken, each with its time in milliseconds. */
export function stepsOf(
  steps: Escalation | undefined,
): { afterMs: number; channel: EscalationStep['channel'] }[] {
  return (steps ?? [])
    .map(({ after: text, channel }) => ({ afterMs: after.parse(text), channel }))
    .sort((one, other) => one.afterMs - other.afterMs);
}
