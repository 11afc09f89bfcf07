import type { ChannelName } from '../contracts/channels.js';
import { stepsOf } from '../contracts/escalation.js';
import type { ChannelDecisions } from '../contracts/plan.js';
import type { NotificationStatus } from '../contracts/statuses.js';
import type { Trigger } from '../contracts/trigger.js';
import type { NotificationRow } from '../models/notification-schema.js';
import { instant } from './instant.js';

type Stands = NotificationRow['escalation'];

/** Channels that the steps taken so far ask for, and those of the steps to come. */
export function escalatedChannels(
  trigger: Pick<Trigger, 'escalation'>,
  taken: number,
): { due: ChannelName[]; later: ChannelName[] } {
  const channels = stepsOf(trigger.escalation).map(({ channel }) => channel);
  const due = channels.slice(0, taken);
  return { due, later: channels.filter((channel) => !due.includes(channel)) };
}

/**
 * How the escalation stands once a plan is stored: its clock starts with the first plan that does not only hold. Past
 * the expiry nothing follows. Undefined where there is none, or its time has not begun.
 */
export function escalationOf(
  trigger: Pick<Trigger, 'escalation' | 'expiresAt'>,
  plan: { nowMs: number; status: NotificationStatus; taken: number; before: Stands },
): Stands {
  const steps = stepsOf(trigger.escalation);
  if (steps.length === 0) return undefined;
  const from = plan.before?.from ?? (plan.status === 'held' ? undefined : new Date(plan.nowMs));
  if (!from) return undefined;
  const taken = Math.max(plan.taken, plan.before?.taken ?? 0);
  const next = steps[taken];
  if (!next) return { from, taken };
  const nextAtMs = from.getTime() + next.afterMs;
  const isInTime = nextAtMs < (instant(trigger.expiresAt) ?? Infinity);
  return { from, taken, ...(isInTime ? { nextAt: new Date(nextAtMs) } : {}) };
}

/** The plan with what may follow: channels of steps to come wait until these are due. */
export function withLaterSteps(
  channels: ChannelDecisions,
  trigger: Pick<Trigger, 'escalation'>,
  stands: Stands,
): ChannelDecisions {
  if (!stands?.nextAt) return channels;
  const planned: ChannelDecisions = { ...channels };
  for (const { afterMs, channel } of stepsOf(trigger.escalation).slice(stands.taken).reverse()) {
    const decision = channels[channel];
    if (decision?.action !== 'skip' || decision.reason !== 'not_requested') continue;
    const until = new Date(stands.from.getTime() + afterMs).toISOString();
    planned[channel] = { action: 'hold', until, reason: 'escalation' };
  }
  return planned;
}
