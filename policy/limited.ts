import { interrupts, type ChannelName } from '../contracts/channels.js';
import type { PlanReason } from '../contracts/plan.js';

/** A limit of its type that a notification has met. */
export type Limited =
  /** Equal content went out lately. */
  | { reason: 'duplicate' }
  /** As many as the period allows went out: the rest is collected until its end, or not sent. */
  | { reason: 'throttled'; untilMs: number; excess: 'digest' | 'drop' };

/** Why the limit leaves a channel out; undefined where it does not. A throttle spares the inbox, which disturbs nobody. */
export function limitedReason(channel: ChannelName, limited: Limited | undefined): PlanReason | undefined {
  if (limited?.reason === 'duplicate') return 'duplicate';
  return limited && interrupts(channel) ? 'throttled' : undefined;
}
