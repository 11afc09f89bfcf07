import { tryOnce } from '../../../activities/try-once.js';
import { enterInLog, recordEnds, send, store } from '../../../activities/broadcast/chunk.js';
import { planChunk, type PlannedRecipient } from '../../../activities/broadcast/plan-chunk.js';
import type { BroadcastSubject } from '../../../activities/broadcast/subject.js';
import { deliveryId } from '../../../contracts/ids.js';
import { typeOf } from '../../../activities/deciding.js';
import type { ActivityDependencies } from '../../../activities/dependencies.js';
import { configuredProviders, reaching } from '../../../activities/providers.js';
import { recordAttempt, recordKnown } from '../../../activities/record.js';
import { endOf } from '../../../activities/ledger.js';
import { retryDelay } from '../../../activities/retry-delay.js';
import type { ChannelName } from '../../../contracts/channels.js';
import { channelRetry } from '../../../workflows/retry-policies.js';
import type { PeerJob } from './queue.js';

/** The job is to be tried again, by BullMQ's back-off. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

/**
 * One job: one recipient's email, by the product's own parts, so that nothing but the orchestration differs from a
 * broadcast. It reads the tenant, the person and the preferences, decides by the same policy, stores the same
 * notification and delivery, renders the same template, sends through the same pooled connections and records how it
 * ended with the same updates; but each by itself, where a broadcast does it for a chunk of people. A job that runs
 * again finds its rows and asks the log before it sends, so nobody gets the mail twice but for a crash in mid-send.
 *
 * What BullMQ would need code of its own for, and this message never asks for, is left out, in BullMQ's favour: quiet
 * hours that hold a mail, send limits, pausing and cancelling, progress.
 *
 * @throws {TryAgain} when the send failed and may succeed later.
 */
export async function sendToOne(
  deps: ActivityDependencies,
  job: PeerJob,
  signal: AbortSignal,
): Promise<void> {
  const { tenantId, recipientId } = job;
  const subject = await readSubject(deps, job);
  const recipients = await planChunk(deps, subject, [{ recipientId, recipient: recipientId }]);
  const logged = await enterInLog(deps, { recipients, done: true });
  const stored = await store(deps, subject, logged);
  for (const { recipient } of stored.known) {
    for (const channel of recipient.toSend) await sendAgain(deps, subject, recipient, channel, signal);
  }
  if (stored.fresh.length === 0) return;
  const { sent } = await send(deps, subject, stored, signal);
  await recordEnds(deps, tenantId, sent);
  if (sent.toRetry.length > 0) throw new TryAgain('the first attempt failed');
}

async function readSubject(deps: ActivityDependencies, job: PeerJob): Promise<BroadcastSubject> {
  const { tenantId, broadcastId, message } = job;
  const [tenant, vault, providers] = await Promise.all([
    deps.models.tenants.find(tenantId),
    deps.models.dataKeys.vault(tenantId),
    configuredProviders(deps, tenantId),
  ]);
  if (!tenant) throw new Error('the tenant is gone');
  const types = await deps.types.of(tenantId, tenant.typesVersion);
  return {
    tenantId,
    broadcastId,
    startedAt: new Date(job.startedAtMs),
    message,
    sources: { list: false, roles: [], topics: [], everyone: true },
    tenant,
    type: typeOf(types, message),
    templates: types.templates,
    vault,
    providers,
    attached: () => Promise.resolve([]),
  };
}

/** What an earlier run of the job left open: it failed and waits for another attempt, or it was cut off. */
async function sendAgain(
  deps: ActivityDependencies,
  { providers }: BroadcastSubject,
  { input, facts, row, deliveries }: PlannedRecipient,
  channel: ChannelName,
  stop: AbortSignal,
): Promise<void> {
  const { tenantId, trigger, recipientId } = input;
  const id = deliveryId(row.id, channel);
  const provider = deliveries.find((delivery) => delivery.channel === channel)?.provider ?? 'none';
  const place = {
    tenantId,
    notificationId: row.id,
    delivery: { deliveryId: id, channel, provider, firstAttemptInTask: false },
  };
  const started = { at: new Date(), provider, kind: 'regular', outcome: 'started' } as const;
  const before = await deps.models.deliveryAttempts.claim(tenantId, id, started);
  if (!before) {
    const logged = await deps.models.deliveries.find(tenantId, id);
    const ended = logged && endOf(logged);
    if (ended) await recordKnown(deps, place, ended);
    return;
  }
  if (before.attempts.some((attempt) => attempt.outcome === 'started')) {
    await deps.models.deliveryAttempts.markInterrupted(tenantId, id, started.at);
  }
  const failuresBefore = before.attempts.filter((attempt) => attempt.outcome === 'failed').length;
  const prepared = { facts, trigger, createdAt: row.createdAt, recipientId, templates: {}, escalations: 0 };
  const [way] = reaching(providers, channel, facts.contact);
  if (!way) return;
  const tried = await tryOnce(way, place, prepared, started, { stop });
  const retry = channelRetry(channel);
  if (tried.status === 'sent') {
    await recordAttempt(deps, place, { ...tried, kind: 'sent', failuresBefore });
  } else if (tried.error.retryable && failuresBefore < retry.retries) {
    const retryAfterMs = retryDelay(retry, failuresBefore + 1, tried.error.retryAfterMs);
    await recordAttempt(deps, place, { ...tried, kind: 'retry', failuresBefore, retryAfterMs });
    throw new TryAgain('the attempt failed');
  } else {
    await recordAttempt(deps, place, { ...tried, kind: 'failed', failuresBefore });
  }
}
