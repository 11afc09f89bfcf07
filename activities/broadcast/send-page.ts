import { ApplicationFailure, Context } from '@temporalio/activity';
import type { PageOutcome, PageRequest } from '../../contracts/broadcast-run.js';
import { brokenOff } from '../try-once.js';
import { instant } from '../instant.js';
import type { ActivityDependencies } from '../dependencies.js';
import {
  cursor,
  enterInLog,
  planNext,
  record,
  send,
  store,
  type PlannedChunk,
  type SentChunk,
  type StoredChunk,
} from './chunk.js';
import { readSubject, type BroadcastSubject } from './subject.js';

/** The answer to a heartbeat is how a page hears that its broadcast was paused or cancelled. */
const HEARTBEAT_MS = 1_000;

/**
 * One page of a broadcast, chunk by chunk: each is decided about, stored, sent and recorded, and while it is in one
 * stage those behind it are in the stages before. A repeated call goes on where the last heartbeat was; whom it finds
 * stored already it hands to a run of their own, which asks the log before it sends. Told to stop it ends the chunks
 * that it has begun to store, and says how far it is.
 */
export function createSendPage(deps: ActivityDependencies) {
  return async function sendPage(request: PageRequest): Promise<PageOutcome> {
    const context = Context.current();
    const subject = await readSubject(deps, request);
    if (!subject) throw ApplicationFailure.nonRetryable('the broadcast is gone', 'unknown_error');
    const resumed = context.info.heartbeatDetails as PageOutcome | undefined;
    const page: PageOutcome = resumed ?? { processed: 0, tally: {}, done: false, ...cursor(request.afterId) };
    delete page.waitMs;
    const before = page.processed;
    const heartbeat = setInterval(() => context.heartbeat(page), HEARTBEAT_MS);
    const signal = brokenOff(context);
    try {
      let asked = page.processed;
      const plan = async (afterId: string | undefined): Promise<PlannedChunk | undefined> => {
        const size = Math.min(deps.bulk.chunkSize, request.limit - asked);
        if (size <= 0 || page.waitMs !== undefined || context.cancellationSignal.aborted) return undefined;
        const { granted, retryAfterMs } = await allowance(deps, subject, size);
        if (granted < size) page.waitMs = retryAfterMs;
        if (granted === 0) return undefined;
        asked += granted;
        return planNext(deps, subject, { afterId, untilId: request.untilId, limit: granted });
      };
      let planned = page.done ? undefined : await plan(page.afterId);
      let logged: PlannedChunk | undefined;
      let stored: StoredChunk | undefined;
      let sent: SentChunk | undefined;
      while (planned ?? logged ?? stored ?? sent) {
        // Told to stop: whom nothing is written of yet is left to the next page.
        if (context.cancellationSignal.aborted) planned = undefined;
        const done = sent;
        const sending = stored && send(deps, subject, stored, signal);
        try {
          [planned, logged, stored, sent] = await allEnded([
            planned && !planned.done ? plan(planned.afterId) : undefined,
            planned && enterInLog(deps, planned),
            logged && store(deps, subject, logged),
            sending,
            done && record(deps, subject, done, page.tally),
          ]);
        } catch (error) {
          // What went out meanwhile is recorded all the same: else it would go out once more.
          const out = await sending;
          if (out) await record(deps, subject, out, {});
          throw error;
        }
        if (!done) continue;
        page.processed += done.fresh.length + done.known.length;
        page.done = done.done;
        Object.assign(page, cursor(done.afterId ?? page.afterId));
        context.heartbeat(page);
      }
    } finally {
      clearInterval(heartbeat);
    }
    // Since it was asked for: while it waited for a worker its lane did nothing.
    const seconds = Math.max(Date.now() - context.info.currentAttemptScheduledTimestampMs, 1) / 1000;
    await deps.models.broadcasts.recordProgress(request.tenantId, request.broadcastId, {
      processed: request.processed + page.processed,
      ratePerSecond: ((page.processed - before) / seconds) * request.lanes,
    });
    return page;
  };
}

/**
 * How many recipients the send limits let through now, on the channels that the broadcast asks for. Taken for each of
 * them, though some will turn out to want no such message: rather too slow than too fast. Past the expiry nothing is
 * sent, so all are let through; nobody waits longer than until then.
 */
async function allowance(
  deps: ActivityDependencies,
  { message, tenant, type, providers }: BroadcastSubject,
  size: number,
): Promise<{ granted: number; retryAfterMs: number }> {
  const untilExpiryMs = (instant(message.expiresAt) ?? Infinity) - Date.now();
  if (untilExpiryMs <= 0) return { granted: size, retryAfterMs: 0 };
  let granted = size;
  let retryAfterMs = 0;
  for (const channel of message.channels ?? type.defaultChannels) {
    const [first] = providers.get(channel) ?? [];
    if (!first?.sending || granted === 0) continue;
    const taken = await deps.sendLimits.takeUpTo(tenant, channel, first.name, granted);
    granted = taken.granted;
    retryAfterMs = Math.max(retryAfterMs, taken.retryAfterMs);
  }
  return { granted, retryAfterMs: Math.min(retryAfterMs, untilExpiryMs) };
}

/** Like `Promise.all`, but nothing goes on after a failure: the next call would find it half done, and send it again. */
async function allEnded<Stages extends readonly unknown[]>(
  stages: Stages,
): Promise<{ [At in keyof Stages]: Awaited<Stages[At]> }> {
  await Promise.allSettled(stages);
  return await Promise.all(stages);
}
