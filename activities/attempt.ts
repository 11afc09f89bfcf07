import { Context } from '@temporalio/activity';
import { ChannelError } from '../channels/channel.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import type { Attempt } from '../models/delivery-schema.js';
import type { ActivityDependencies } from './dependencies.js';
import { tryInTurn } from './failover.js';
import { endOf, type Ended } from './ledger.js';
import type { Prepared } from './prepared.js';
import { configuredProviders, reaching } from './providers.js';
import { patiently } from './record.js';
import { brokenOff, failed, type Tried, type Way } from './try-once.js';

export type AttemptResult =
  /** Nothing was sent: the log knows the outcome. */
  | { status: 'known'; outcome: Ended | Extract<DeliveryOutcome, { status: 'retry' }> }
  | (Tried & { failuresBefore: number });

/**
 * Claims the delivery in the log, composes the message and sends it once: through the first of the tenant's providers
 * that reaches the person, and where that one fails, at once through the next. Never throws for a failed send.
 */
export async function attemptOnce(
  deps: ActivityDependencies,
  request: DeliverRequest,
  subject: Prepared,
): Promise<AttemptResult> {
  const { tenantId, delivery } = request;
  const { deliveries } = deps.models;
  const ways = await waysTo(deps, request, subject);
  const [first] = ways instanceof ChannelError ? [] : ways;
  const claimed: Attempt = {
    at: new Date(),
    provider: first?.provider.name ?? delivery.provider,
    kind: request.attempt,
    outcome: 'started',
  };
  const before = await deliveries.claim(tenantId, delivery.deliveryId, claimed);
  if (!before) return { status: 'known', outcome: await recorded(deps, request) };
  if (before.attempts.some((attempt) => attempt.outcome === 'started')) {
    await deliveries.markInterrupted(tenantId, delivery.deliveryId, claimed.at);
  }
  const failuresBefore = before.attempts.filter(
    (attempt) => attempt.outcome === 'failed' && !attempt.failedOver,
  ).length;
  if (ways instanceof ChannelError || !first) {
    return { ...failed(claimed, ways), failuresBefore };
  }

  const tried = await tryInTurn([first, ...ways.slice(1)], request, subject, claimed, {
    stop: brokenOff(Context.current()),
    onFailover: (ended, next) =>
      patiently(() => deliveries.markFailedOver(tenantId, delivery.deliveryId, ended, next)),
  });
  return { ...tried, failuresBefore };
}

/** The tenant's providers that reach the person, in order; or why there are none. */
async function waysTo(
  deps: ActivityDependencies,
  { tenantId, delivery }: DeliverRequest,
  subject: Prepared,
): Promise<Way[] | ChannelError> {
  try {
    const providers = await configuredProviders(deps, tenantId);
    if (!providers.get(delivery.channel)?.some(({ sending }) => sending)) {
      return new ChannelError('auth_error', { providerResponse: 'no provider is set up any more' });
    }
    const ways = reaching(providers, delivery.channel, subject.facts.contact);
    if (ways.length > 0) return ways;
    return new ChannelError('invalid_recipient', { providerResponse: 'no address' });
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
