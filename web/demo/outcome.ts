// What became of a notification on each channel, in one line each.
import type { Story } from './calls.js';
import { channelInWords, plain, reasonInWords, untilTime } from './wording.js';

export type Tone = 'good' | 'waiting' | 'bad' | 'none';

export interface Outcome {
  channel: string;
  label: string;
  tone: Tone;
  /** `sent`, `held until 08:00` */
  what: string;
  /** Why it is not simply sent; absent where it is. */
  why?: string;
}

const GOOD = ['sent', 'delivered', 'completed'];
const BAD = ['failed', 'bounced', 'expired', 'partial'];
const WAITING = ['accepted', 'sending', 'held', 'digesting', 'retrying', 'parked', 'pending'];

export function toneOf(status: string): Tone {
  if (GOOD.includes(status)) return 'good';
  if (BAD.includes(status)) return 'bad';
  return WAITING.includes(status) ? 'waiting' : 'none';
}

/** Whether more will happen to it without anybody's doing. */
export function isUnderWay({ status, deliveries }: Story): boolean {
  return (
    WAITING.includes(status) ||
    deliveries.some((delivery) => ['pending', 'sending'].includes(delivery.status))
  );
}

/** Of every channel that was asked for. */
export function outcomesOf(story: Story): Outcome[] {
  return Object.entries(story.plan.channels)
    .filter(([, decision]) => decision.reason !== 'not_requested')
    .map(([channel, decision]) => ({
      channel,
      label: channelInWords(channel),
      ...outcome(story, channel, decision),
    }));
}

function outcome(
  { deliveries }: Story,
  channel: string,
  decision: Story['plan']['channels'][string],
): Pick<Outcome, 'tone' | 'what' | 'why'> {
  const why = decision.reason === undefined ? {} : { why: reasonInWords(decision.reason) };
  const until = decision.until === undefined ? '' : ` until ${untilTime(decision.until)}`;
  if (decision.action === 'skip') return { tone: 'none', what: 'left out', ...why };
  const delivery = deliveries.find((one) => one.channel === channel);
  if (decision.action === 'hold') return { tone: 'waiting', what: `held${until}`, ...why };
  if (decision.action === 'digest' && delivery?.status !== 'sent')
    return { tone: 'waiting', what: `collected${until}`, ...why };
  if (!delivery) return { tone: 'waiting', what: 'sending' };
  const { status, failureReason, nextAttemptAt, reason } = delivery;
  const because = failureReason ?? (GOOD.includes(status) ? null : reason);
  const next =
    nextAttemptAt !== null && toneOf(status) === 'waiting' ? `, again at ${untilTime(nextAttemptAt)}` : '';
  return {
    tone: toneOf(status),
    what: `${plain(status)}${next}`,
    ...(because === null ? {} : { why: reasonInWords(because) }),
  };
}
