import { Context } from '@temporalio/activity';
import { ChannelError } from '../channels/channel.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import { isCounted } from '../models/counted-attempts.js';
import type { Attempt } from '../models/delivery-schema.js';
import { attached } from './attachments.js';
import type { ActivityDependencies } from './dependencies.js';
import { forgetDevices } from './forget-devices.js';
import { tryInTurn } from './failover.js';
import { endOf, type Ended } from './ledger.js';
import type { Prepared } from './prepared.js';
import { configuredProviders } from './providers.js';
import { patiently } from './record.js';
import { loadTemplate } from './templates.js';
import { brokenOff, type Tried } from './try-once.js';
import { thatAnswer, waysTo, type Ways } from './ways.js';

export type AttemptResult =
  /** Nothing was sent: the log knows the outcome. */
  | { status: 'known'; outcome: Ended | Extract<DeliveryOutcome, { status: 'retry' }> }
  | (Tried & { failuresBefore: number });

/**
 * Claims the delivery in the log, composes the message and sends it once: through the first of the tenant's providers
 * that reaches the person, and where that one fails, at once through the next; to devices, through all that reach one.
 * Devices that are gone are forgotten. Never throws for a failed send.
 */
export async function attemptOnce(
  deps: ActivityDependencies,
  request: DeliverRequest,
  subject: Prepared,
): Promise<AttemptResult> {
  const { tenantId, delivery } = request;
  const { deliveryAttempts } = deps.models;
  const template = await loadTemplate(deps, tenantId, subject.templates[delivery.channel]);
  const ways = await currentWays(deps, request, subject);
  const claimed: Attempt = {
    at: new Date(),
    provider: ways instanceof ChannelError ? delivery.provider : ways[0].provider.name,
    kind: request.attempt,
    outcome: 'started',
  };
  const before = await deliveryAttempts.claim(tenantId, delivery.deliveryId, claimed);
  if (!before) return { status: 'known', outcome: await recorded(deps, request) };
  if (before.attempts.some((attempt) => attempt.outcome === 'started')) {
    await deliveryAttempts.markInterrupted(tenantId, delivery.deliveryId, claimed.at);
  }
  // Of many attempts at many providers the log keeps the newest, and their count.
  const failuresBefore = Math.max(before.attempts.filter(isCounted).length, before.retryCount);
  const tried = await tryInTurn(ways, request, subject, claimed, {
    breakers: deps.breakers,
    metrics: deps.metrics,
    stop: brokenOff(Context.current()),
    template,
    attached: attached(deps, tenantId, subject.trigger.attachments),
    unsubscribeUrls: deps.unsubscribeUrls,
    trackingUrls: deps.trackingUrls,
    returnToken: await deps.models.deliveryTokens.write(tenantId, request.notificationId, delivery.channel),
    onBeside: (ended, next) =>
      patiently(() => deliveryAttempts.markBeside(tenantId, delivery.deliveryId, ended, next)),
  });
  await forgetDevices(deps, request, subject.recipientId, tried.gone);
  return { ...tried, failuresBefore };
}

/** The ways as they are at this moment: those whose provider is down only where there is no other. */
async function currentWays(
  deps: ActivityDependencies,
  { tenantId, delivery, expedite }: DeliverRequest,
  subject: Prepared,
): Promise<Ways> {
  try {
    const { contact, tenant } = subject.facts;
    const providers = await configuredProviders(deps, tenantId, tenant.credentialsVersion);
    const ways = waysTo(providers, delivery.channel, contact);
    return expedite ? ways : thatAnswer(ways, await deps.breakers.down(tenantId), delivery.channel);
  } catch (error) {
    return new ChannelError('unknown_error', { cause: error });
  }
}

/** The outcome in the log of a delivery that could not be claimed. */
async function recorded(
  deps: ActivityDependencies,
  request: DeliverRequest,
): Promise<Ended | Extract<DeliveryOutcome, { status: 'retry' }>> {
  const row = await deps.models.deliveries.find(request.tenantId, request.delivery.deliveryId);
  if (!row) return { status: 'cancelled' };
  const last = row.attempts.at(-1);
  return (
    endOf(row) ?? {
      status: 'retry',
      failureReason: row.failureReason ?? 'unknown_error',
      retryAfterMs: last?.retryAfterMs ?? 0,
    }
  );
}
