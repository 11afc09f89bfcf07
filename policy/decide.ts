import { interrupts, withBuiltIn, type ChannelName } from '../contracts/channels.js';
import type { ChannelDecision, ChannelDecisions } from '../contracts/plan.js';
import type { NotificationStatus } from '../contracts/statuses.js';
import type { DecisionInput } from './decision-input.js';
import { digestOf } from './digest.js';
import { limitedReason } from './limited.js';
import { quietHold, scheduledHold, type Hold } from './hold.js';
import { askedChannels, leftOut } from './left-out.js';
import { suppressionOf } from './suppressions.js';

export type { DecisionInput } from './decision-input.js';

/** What happens to a notification on every channel: those that Carillon brings, and of the
 * deployment's own those that the tenant has set up or the trigger asks for. */
export interface Decided {
  channels: ChannelDecisions;
  /**
   * `held` when a channel waits; else `sending` when one is sent; else `digesting` when one is collected; else `expired` when one would have been, but for the
   * expiry; else `suppressed`. A channel that had ended before only counts against `suppressed`.
   */
  status: Extract<NotificationStatus, 'sending' | 'held' | 'digesting' | 'suppressed' | 'expired'>;
  /** The earliest end of a hold, in milliseconds; absent when nothing waits. */
  holdUntilMs?: number;
  holdReason?: Hold['reason'];
}

/**
 * Decides for each channel whether it is sent, waits or is left out, and why, from the facts given and nothing else.
 * Asked in this order: is the channel asked for; is the type enabled, and made for the channel; is the recipient known,
 * not erased, and not suppressed on this channel; is the actor somebody else; has the tenant set the channel up; does
 * the person want it, and have muted neither its topics nor everything; is there an address or inbox, and a content; is
 * it expired; is `sendAt` ahead; is it collected, or past a limit of its type; are these quiet hours. A channel has the
 * first reason that applies: what the person turned off says
 * so, and not `expired`.
 *
 * A critical type passes preferences, unsubscribes, mute, digests and quiet hours; a channel that the type locks passes
 * preferences and mute; `expedite` passes `sendAt`, digests and quiet hours; a trigger's priority passes nothing.
 */
export function decide(input: DecisionInput): Decided {
  const { nowMs, expiresAtMs = Infinity, done } = input;
  const asked = askedChannels(input);
  const scheduled = scheduledHold(input);
  const quiet = quietHold(input);
  const channels: ChannelDecisions = {};
  let sends = false;
  let digests = false;
  let expired = false;
  let earliest: Hold | undefined;

  for (const channel of withBuiltIn([...asked, ...input.configuredChannels, ...done])) {
    if (done.includes(channel)) {
      channels[channel] = ended(input.previous?.[channel]);
      continue;
    }
    const reason = leftOut(channel, input, asked) ?? (expiresAtMs <= nowMs ? 'expired' : undefined);
    if (reason) {
      const detail = reason === 'suppressed_address' ? suppressionOf(channel, input) : undefined;
      channels[channel] = { action: 'skip', reason, ...(detail ? { detail } : {}) };
      expired ||= reason === 'expired';
      continue;
    }
    const collected = scheduled || isDuplicate(input) ? undefined : digestOf(channel, input);
    if (collected) {
      channels[channel] = collected;
      digests = true;
      continue;
    }
    const limit = scheduled ? undefined : limitedReason(channel, input.limited);
    if (limit) {
      channels[channel] = { action: 'skip', reason: limit };
      continue;
    }
    const wait = scheduled ?? (interrupts(channel) ? quiet : undefined);
    if (wait) {
      channels[channel] = {
        action: 'hold',
        until: new Date(wait.untilMs).toISOString(),
        reason: wait.reason,
      };
      if (!earliest || wait.untilMs < earliest.untilMs) earliest = wait;
    } else {
      channels[channel] = { action: 'send' };
      sends = true;
    }
  }

  if (earliest) {
    return { channels, status: 'held', holdUntilMs: earliest.untilMs, holdReason: earliest.reason };
  }
  if (sends) return { channels, status: 'sending' };
  if (digests) return { channels, status: 'digesting' };
  if (expired) return { channels, status: 'expired' };
  return { channels, status: anySent(channels, done) ? 'sending' : 'suppressed' };
}

function isDuplicate({ limited }: DecisionInput): boolean {
  return limited?.reason === 'duplicate';
}

/** A channel that has ended keeps its entry; what it waited for is over, so a hold reads as the send it became. */
function ended(previous: ChannelDecision | undefined): ChannelDecision {
  return previous?.action === 'skip' || previous?.action === 'digest' ? previous : { action: 'send' };
}

function anySent(channels: ChannelDecisions, done: readonly ChannelName[]): boolean {
  return done.some((channel) => channels[channel]?.action === 'send');
}
