import { ChannelError } from '../channels/channel.js';
import type { EmailAttachment } from '../contracts/messages.js';
import type { FailureReason } from '../contracts/errors.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { Attempt } from '../models/delivery-schema.js';
import { ATTEMPT_TIMEOUT_MS } from '../workflows/retry-policies.js';
import type { Attached } from './attachments.js';
import type { Breakers } from './breakers.js';
import type { Prepared } from './prepared.js';
import type { Metrics } from '../runtime/metrics/metrics.js';
import { inSpan } from '../runtime/tracing/spans.js';
import { failed, goneTargetsOf, tryOnce, type Tried, type TryOptions, type Way } from './try-once.js';
import type { Ways } from './ways.js';

/** What another provider may do better; what is wrong with the message or its address none mends. */
const failsOver: ReadonlySet<FailureReason> = new Set([
  'auth_error',
  'network_error',
  'provider_error',
  'rate_limited',
  'unknown_error',
]);

/** How long all providers of one attempt may take, so that its outcome can be recorded within the activity's time. */
const ROUND_MS = 50_000;
/** With less time left than this no further provider is tried: it would be cut off in the middle. */
const LEAST_MS = 5_000;

/** What a turn through the ways came to. */
export type Turn = Tried & {
  /** Devices that any of the providers does not know any more. */
  gone: readonly string[];
};

type Delivery = Pick<DeliverRequest, 'tenantId' | 'notificationId' | 'delivery'>;

interface TurnOptions extends Omit<TryOptions, 'timeoutMs' | 'attachments'> {
  /** What an email carries beside its text: read once for all ways. */
  attached: Attached;
  /** Told how each try ended. */
  breakers: Breakers;
  metrics: Metrics;
  /**
   * Told of a try that does not decide, and of the next one before that is made. Without a next one it came after the
   * one that decides.
   */
  onBeside: (ended: Attempt, next?: Attempt) => Promise<void> | void;
}

/**
 * Sends once through the first way, and where that fails at once through the next; on a channel whose providers reach
 * devices of their own, through all of them. Never throws for a failed send. What it answers is the try that decides:
 * the one that succeeded, else the last; of devices of their own, rather one that a later attempt may mend.
 */
export async function tryInTurn(
  ways: Ways,
  request: Delivery,
  subject: Prepared,
  started: Attempt,
  options: TurnOptions,
): Promise<Turn> {
  if (ways instanceof ChannelError) return { ...failed(started, ways), gone: [] };
  const [way, ...others] = ways;
  const all = way.provider.sending?.channel.reachesOwnDevices === true;
  const endMs = Date.now() + ROUND_MS;
  const { stop, template, unsubscribeUrls, trackingUrls, returnToken, breakers, metrics } = options;
  const { deliveryId, channel } = request.delivery;
  const noteEnd = (provider: string, tried: Tried) =>
    breakers.ended({ tenantId: request.tenantId, channel, provider }, deliveryId, errorOf(tried));
  let attachments: readonly EmailAttachment[];
  try {
    attachments = channel === 'email' ? await options.attached(stop) : [];
  } catch (error) {
    // Whichever the provider, it would have nothing else to send.
    return { ...failed(started, error), gone: [] };
  }
  const parts = { template, attachments, unsubscribeUrls, trackingUrls, returnToken };
  const tryWay = async (at: Way, attempt: Attempt, more: { timeoutMs?: number } = {}) => {
    const tried = await traced(channel, at, () =>
      tryOnce(at, request, subject, attempt, { stop, ...parts, ...more }),
    );
    const labels = { channel, provider: at.provider.name };
    metrics.count('carillon_send_attempts_total', { ...labels, outcome: outcomeOf(tried) });
    metrics.time('carillon_send_duration_seconds', labels, (tried.attempt.durationMs ?? 0) / 1000);
    await noteEnd(at.provider.name, tried);
    return tried;
  };
  let latest = await tryWay(way, started);
  let decisive = latest;
  const gone = [...goneTargetsOf(latest)];
  for (const other of others) {
    if (!all && (decisive.status === 'sent' || !failsOver.has(decisive.error.reason))) break;
    const leftMs = endMs - Date.now();
    if (stop.aborted || leftMs < LEAST_MS) break;
    const next = nextAttempt(latest.attempt, other);
    await options.onBeside(beside(latest.attempt), next);
    const timeoutMs = Math.min(ATTEMPT_TIMEOUT_MS, leftMs);
    latest = await tryWay(other, next, { timeoutMs });
    gone.push(...goneTargetsOf(latest));
    if (!all || outweighs(latest, decisive)) decisive = latest;
  }
  if (decisive !== latest) await options.onBeside(beside(latest.attempt));
  return { ...decisive, gone };
}

function nextAttempt(before: Attempt, { provider }: Way): Attempt {
  return {
    // Attempts are told apart by their start.
    at: new Date(Math.max(Date.now(), before.at.getTime() + 1)),
    provider: provider.name,
    kind: before.kind,
    outcome: 'started',
  };
}

/** A failure that does not decide is none of the delivery's. */
function beside(ended: Attempt): Attempt {
  return ended.outcome === 'failed' ? { ...ended, failedOver: true } : ended;
}

/** Of two tries at a person's devices, which one tells how the delivery stands. */
function outweighs(later: Tried, earlier: Tried): boolean {
  if (earlier.status === 'sent') return later.status === 'sent';
  return later.status === 'sent' || later.error.retryable || !earlier.error.retryable;
}

/** As a span of the trace: what was tried and how it ended, not to whom. */
function traced(channel: string, { provider }: Way, send: () => Promise<Tried>): Promise<Tried> {
  const facts = { 'carillon.channel': channel, 'carillon.provider': provider.name };
  return inSpan(`send ${channel}`, facts, send, (tried) => ({
    facts: { 'carillon.outcome': outcomeOf(tried) },
    failed: tried.status === 'failed',
  }));
}

function outcomeOf(tried: Tried): 'sent' | FailureReason {
  return tried.status === 'sent' ? 'sent' : tried.error.reason;
}

function errorOf(tried: Tried): ChannelError | undefined {
  return tried.status === 'failed' ? tried.error : undefined;
}
