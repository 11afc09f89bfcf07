import { ApplicationFailure, Context } from '@temporalio/activity';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import { rowId } from '../models/row-id.js';
import { retryOf } from '../workflows/retry-policies.js';
import { attemptOnce, type AttemptResult } from './attempt.js';
import type { ActivityDependencies } from './dependencies.js';
import { decideNow } from './deciding.js';
import { endOf } from './ledger.js';
import { parksAfter, parksBefore } from './parking.js';
import { recordAttempt, recordHeld, recordKnown, recordNotSent } from './record.js';
import { readFacts } from './planning-facts.js';
import type { Prepared, PreparedCache } from './prepared.js';
import { configuredProviders } from './providers.js';
import { retryDelay } from './retry-delay.js';
import { openTrigger } from './stored-trigger.js';
import { suppress, suppressionBy } from './suppressions.js';
import { waitsForTurn } from './turn.js';

const HEARTBEAT_MS = 5_000;

/**
 * One attempt at one delivery. Keyed by the delivery: what has ended is answered from the log, a first attempt that
 * was recorded (a failure included) is not made again, and an attempt that is under way in this process is joined.
 * Unless it follows its plan in the same breath it decides anew before it sends: the time since may have brought quiet
 * hours, an opt-out or the expiry. Then it asks whether a send limit makes it wait. As a regular activity it fails with
 * an ApplicationFailure whose `nextRetryDelay` carries jitter and Retry-After. The log's failures, and not the
 * activity's attempts, tell when it is given up: holds and operators begin a new activity, and an attempt that MongoDB
 * cut off says nothing of the delivery.
 */
export function createDeliver(deps: ActivityDependencies, prepared: PreparedCache) {
  const underWay = new Map<string, Promise<DeliveryOutcome>>();

  return async function deliver(request: DeliverRequest): Promise<DeliveryOutcome> {
    const key = rowId(request.tenantId, request.delivery.deliveryId);
    const running = underWay.get(key);
    if (running) return running;
    const attempt = request.attempt === 'first' ? firstAttempt(request) : regularAttempt(request);
    underWay.set(key, attempt);
    try {
      return await attempt;
    } finally {
      underWay.delete(key);
    }
  };

  async function firstAttempt(request: DeliverRequest): Promise<DeliveryOutcome> {
    const place = deps.firstAttempts.enter(request.tenantId, request.delivery.provider);
    if (!place) return { status: 'deferred' };
    let answered = true;
    try {
      const planned = prepared.get(rowId(request.tenantId, request.notificationId));
      const subject = planned ?? (await load(request));
      if (!subject) return { status: 'cancelled' };
      const stopped =
        (planned ? undefined : await stopsNow(request, subject, request.nowMs)) ??
        (await parksBefore(deps, request, subject)) ??
        (await waitsForTurn(deps, request, subject, request.nowMs));
      if (stopped) return stopped;
      const result = await attemptOnce(deps, request, subject);
      answered = result.status !== 'failed' || !result.error.providerDown;
      return await conclude(request, subject, result);
    } finally {
      place.leave(answered);
    }
  }

  async function regularAttempt(request: DeliverRequest): Promise<DeliveryOutcome> {
    const { info } = Context.current();
    const heartbeat = setInterval(() => Context.current().heartbeat(), HEARTBEAT_MS);
    try {
      const subject = await load(request);
      if (!subject) return { status: 'cancelled' };
      const dueMs = info.currentAttemptScheduledTimestampMs;
      const stopped =
        (await stopsNow(request, subject, dueMs)) ??
        (await parksBefore(deps, request, subject)) ??
        (await waitsForTurn(deps, request, subject, dueMs));
      if (stopped) return stopped;
      const result = await attemptOnce(deps, request, subject);
      const outcome = await conclude(request, subject, result);
      if (outcome.status !== 'retry') return outcome;
      throw ApplicationFailure.create({
        type: outcome.failureReason,
        message: outcome.failureReason,
        nextRetryDelay: outcome.retryAfterMs,
        details: [
          { providerResponse: result.status === 'failed' ? result.error.providerResponse : undefined },
        ],
      });
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Undefined when the notification is gone. */
  async function load(request: DeliverRequest): Promise<Prepared | undefined> {
    const row = await deps.models.notifications.find(request.tenantId, request.notificationId);
    if (!row) return undefined;
    const vault = await deps.models.dataKeys.vault(request.tenantId);
    const trigger = openTrigger(vault, row.trigger);
    const { facts } = await readFacts(deps, row, trigger);
    const { createdAt, recipientId, escalation, plan } = row;
    const { templates = {} } = plan;
    return { facts, trigger, createdAt, recipientId, templates, escalations: escalation?.taken ?? 0 };
  }

  /**
   * Why it is not sent now; undefined when it is.
   * @param dueMs when the attempt was to be made, in milliseconds: it may be much later, if no worker was free.
   */
  async function stopsNow(
    request: DeliverRequest,
    subject: Prepared,
    dueMs: number,
  ): Promise<DeliveryOutcome | undefined> {
    const { channel, deliveryId } = request.delivery;
    const decided = decideNow({
      nowMs: Math.max(dueMs, Date.now()),
      expedite: request.expedite,
      facts: subject.facts,
      trigger: { ...subject.trigger, sendAt: null },
      providers: await configuredProviders(deps, request.tenantId, subject.facts.tenant.credentialsVersion),
      escalations: subject.escalations,
      templates: subject.templates,
      done: [],
    });
    const decision = decided.channels[channel];
    if (decision === undefined || decision.action === 'send' || decision.action === 'digest')
      return undefined;
    const logged = await deps.models.deliveries.find(request.tenantId, deliveryId);
    const ended = logged && endOf(logged);
    if (ended) {
      await recordKnown(deps, request, ended);
      return ended;
    }
    if (decision.action === 'hold') {
      const until = new Date(decision.until);
      await recordHeld(deps, request, until);
      return { status: 'hold', untilMs: until.getTime() };
    }
    const status = decision.reason === 'expired' ? 'expired' : 'skipped';
    await recordNotSent(deps, request, status, decision);
    return { status };
  }

  async function conclude(
    request: DeliverRequest,
    subject: Prepared,
    result: AttemptResult,
  ): Promise<DeliveryOutcome> {
    if (result.status === 'known') {
      if (result.outcome.status !== 'retry') await recordKnown(deps, request, result.outcome);
      return result.outcome;
    }
    const { channel } = request.delivery;
    if (result.status === 'sent') return recordAttempt(deps, request, { ...result, kind: 'sent' });
    const failures = result.failuresBefore + 1;
    const { error } = result;
    const retry = retryOf(request.delivery);
    const parked = error.providerDown && (await parksAfter(deps, request, subject, result.attempt));
    if (parked) return parked;
    const final = !error.retryable || failures > retry.retries;
    deps.log.warn(
      {
        tenantId: request.tenantId,
        deliveryId: request.delivery.deliveryId,
        channel,
        provider: request.delivery.provider,
        attempt: failures,
        failureReason: error.reason,
        providerResponse: error.providerResponse,
        err: error.cause,
      },
      final ? 'delivery failed' : 'delivery attempt failed',
    );
    const suppression = suppressionBy(result, request.delivery);
    // Before the attempt's own end: after that nothing would come back for it.
    if (suppression) await suppress(deps, request.tenantId, [suppression]);
    if (final) return recordAttempt(deps, request, { ...result, kind: 'failed' });
    const retryAfterMs = retryDelay(retry, failures, error.retryAfterMs);
    return recordAttempt(deps, request, { ...result, kind: 'retry', retryAfterMs });
  }
}
