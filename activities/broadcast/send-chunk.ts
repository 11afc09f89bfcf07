import type { ChannelName } from '../../contracts/channels.js';
import { statusOf } from '../../contracts/outcomes.js';
import type { BulkAttempt } from '../../models/delivery-bulk.js';
import type { Attempt } from '../../models/delivery-schema.js';
import type { BulkEnd } from '../../models/notification-bulk.js';
import type { NewSuppression } from '../../models/suppressions.js';
import { retryOf } from '../../workflows/retry-policies.js';
import { countEnded } from '../count-deliveries.js';
import { deliveryId } from '../../contracts/ids.js';
import type { ActivityDependencies } from '../dependencies.js';
import { forgetDevices } from '../forget-devices.js';
import { tryInTurn } from '../failover.js';
import type { Tried } from '../try-once.js';
import { plannedRetry } from '../planned-retry.js';
import { retryDelay } from '../retry-delay.js';
import { suppressionBy } from '../suppressions.js';
import { inParallel } from '../in-parallel.js';
import { loadTemplate } from '../templates.js';
import { allDown, thatAnswer, waysTo } from '../ways.js';
import type { PlannedRecipient } from './plan-chunk.js';
import type { BroadcastSubject } from './subject.js';

/** What a chunk's sends came to. */
export interface Sent {
  attempts: BulkAttempt[];
  /** IDs of the deliveries that were not attempted, since their notification was past its expiry by then. */
  expired: string[];
  ends: BulkEnd[];
  /** Addresses that providers will not have written to again. */
  suppressions: NewSuppression[];
  /** Those whose send a run of their own makes, or makes again: it failed, or all providers are down. */
  toRetry: PlannedRecipient[];
}

/** The entry in the log of an attempt that is about to be made: stored before it, so that a crash leaves a mark. */
export function startedAttempt(provider: string, at: Date): Attempt {
  return { at, provider, kind: 'first', outcome: 'started' };
}

/** Makes the first attempts of a chunk, on each channel so many at a time, and brings the planned rows up to date. */
export async function sendChunk(
  deps: ActivityDependencies,
  subject: Pick<BroadcastSubject, 'tenantId' | 'providers' | 'attached'>,
  planned: readonly PlannedRecipient[],
  stop: AbortSignal,
): Promise<Sent> {
  const sent: Sent = { attempts: [], expired: [], ends: [], suppressions: [], toRetry: [] };
  const down = await deps.breakers.down(subject.tenantId);
  const channels = new Set(planned.flatMap((one) => one.toSend));
  const sends = [...channels].map((channel) =>
    inParallel(
      planned.filter((one) => one.toSend.includes(channel)),
      deps.bulk.sendsAtOnce(channel),
      async (one) => sendOne(deps, { ...subject, down }, sent, one, channel, stop),
    ),
  );
  await Promise.allSettled(sends);
  await Promise.all(sends);
  return sent;
}

async function sendOne(
  deps: ActivityDependencies,
  subject: Pick<BroadcastSubject, 'providers' | 'attached'> & { down: ReadonlySet<string> },
  sent: Sent,
  one: PlannedRecipient,
  channel: ChannelName,
  stop: AbortSignal,
): Promise<void> {
  const { input, facts, row } = one;
  const id = deliveryId(row.id, channel);
  const provider = one.deliveries.find((delivery) => delivery.channel === channel)?.provider ?? 'none';
  const now = new Date();
  // Since it was decided about it has waited, for the chunk before it and for a place among those that are sent.
  if (row.expiresAt && row.expiresAt <= now) {
    sent.expired.push(id);
    end(sent, one, {
      channel,
      outcome: 'expired',
      entry: { at: now, event: 'expired', detail: `${channel}: expired` },
      decision: { action: 'skip', reason: 'expired' },
    });
    return;
  }
  const ways = waysTo(subject.providers, channel, facts.contact);
  if (allDown(ways, subject.down, channel)) {
    // A run of its own waits for a provider to answer again.
    sent.attempts.push({ id, provider, attempts: [], status: 'pending' });
    if (!sent.toRetry.includes(one)) sent.toRetry.push(one);
    return;
  }
  const { templates = {} } = row.plan;
  const beside: Attempt[] = [];
  const request = {
    tenantId: input.tenantId,
    notificationId: row.id,
    delivery: { deliveryId: id, channel, provider, firstAttemptInTask: false },
  };
  const tried = await tryInTurn(
    thatAnswer(ways, subject.down, channel),
    request,
    {
      facts,
      trigger: input.trigger,
      createdAt: row.createdAt,
      recipientId: input.recipientId,
      templates,
      escalations: 0,
    },
    startedAttempt(provider, now),
    {
      stop,
      template: await loadTemplate(deps, input.tenantId, templates[channel]),
      attached: subject.attached,
      unsubscribeUrls: deps.unsubscribeUrls,
      trackingUrls: deps.trackingUrls,
      returnToken: await deps.models.deliveryTokens.write(input.tenantId, input.notificationId, channel),
      breakers: deps.breakers,
      metrics: deps.metrics,
      onBeside: (ended) => void beside.push(ended),
    },
  );
  await forgetDevices(deps, request, input.recipientId, tried.gone);
  conclude(sent, one, { id, channel, beside }, tried);
  countEnded(
    deps.metrics,
    sent.attempts.slice(-1).map((made) => ({ ...made, channel })),
  );
}

function conclude(
  sent: Sent,
  one: PlannedRecipient,
  delivery: { id: string; channel: ChannelName; beside: Attempt[] },
  tried: Tried,
): void {
  const { id, channel } = delivery;
  const { provider } = tried.attempt;
  const endedAt = new Date(tried.attempt.at.getTime() + (tried.attempt.durationMs ?? 0));
  const ended = (outcome: 'sent' | 'failed', detail: string) =>
    end(sent, one, { channel, outcome, entry: { at: endedAt, event: outcome, detail } });
  if (tried.status === 'sent') {
    const { providerMessageId, units } = tried.receipt;
    sent.attempts.push({
      id,
      attempts: inOrder(delivery.beside, tried.attempt),
      provider,
      status: 'sent',
      ...(providerMessageId === undefined ? {} : { providerMessageId }),
      ...(units === undefined ? {} : { units }),
    });
    ended('sent', `${channel} via ${provider}`);
    return;
  }
  const { attempt, error } = tried;
  const suppression = suppressionBy(tried, { channel, deliveryId: id });
  if (suppression) sent.suppressions.push(suppression);
  const failureReason = error.reason;
  const retry = retryOf({ channel, ...plannedRetry(one.facts.tenant, channel) });
  if (!error.retryable || retry.retries === 0) {
    sent.attempts.push({
      id,
      attempts: inOrder(delivery.beside, attempt),
      provider,
      status: 'failed',
      failureReason,
    });
    ended('failed', `${channel} via ${provider}: ${failureReason}`);
    return;
  }
  const retryAfterMs = retryDelay(retry, 1, error.retryAfterMs);
  const nextAttemptAt = new Date(endedAt.getTime() + retryAfterMs);
  sent.attempts.push({
    id,
    attempts: inOrder(delivery.beside, { ...attempt, retryAfterMs }),
    provider,
    status: 'retrying',
    failureReason,
    nextAttemptAt,
  });
  if (!sent.toRetry.includes(one)) sent.toRetry.push(one);
}

function inOrder(beside: readonly Attempt[], decisive: Attempt): Attempt[] {
  return [...beside.filter(({ at }) => at.getTime() !== decisive.at.getTime()), decisive].sort(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );
}

/** One channel has ended; the status of the notification follows. */
function end(sent: Sent, { row }: PlannedRecipient, ended: Omit<BulkEnd, 'id' | 'status'>): void {
  row.outcomes[ended.channel] = ended.outcome;
  const status = statusOf(row.outcomes);
  // Another channel waits.
  if (status !== 'sending' || row.status !== 'held') row.status = status;
  sent.ends.push({ id: row.id, status: row.status, ...ended });
}
