import { Context } from '@temporalio/activity';
import { ChannelError, type Receipt } from '../channels/channel.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import type { Attempt } from '../models/delivery-schema.js';
import { TemplateError } from '../templates/template-error.js';
import { ATTEMPT_TIMEOUT_MS } from '../workflows/retry-policies.js';
import type { ActivityDependencies } from './dependencies.js';
import { composeMessage } from './compose.js';
import { endOf, type Ended } from './ledger.js';
import type { Prepared } from './prepared.js';

export type AttemptResult =
  /** Nothing was sent: the log knows the outcome. */
  | { status: 'known'; outcome: Ended | Extract<DeliveryOutcome, { status: 'retry' }> }
  | (Tried & { failuresBefore: number });

/** Claims the delivery in the log, composes the message and sends it once. Never throws for a failed send. */
export async function attemptOnce(
  deps: ActivityDependencies,
  request: DeliverRequest,
  subject: Prepared,
): Promise<AttemptResult> {
  const { tenantId, delivery } = request;
  const started: Attempt = {
    at: new Date(),
    provider: delivery.provider,
    kind: request.attempt,
    outcome: 'started',
  };
  const before = await deps.models.deliveries.claim(tenantId, delivery.deliveryId, started);
  if (!before) return { status: 'known', outcome: await recorded(deps, request) };
  if (before.attempts.some((attempt) => attempt.outcome === 'started')) {
    await deps.models.deliveries.markInterrupted(tenantId, delivery.deliveryId, started.at);
  }
  const failuresBefore = before.attempts.filter((attempt) => attempt.outcome === 'failed').length;
  const signal = AbortSignal.any([brokenOff(Context.current()), AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
  return { ...(await tryOnce(deps, request, subject, started, signal)), failuresBefore };
}

/** How one try at a provider ended. */
export type Tried =
  | { status: 'sent'; attempt: Attempt; receipt: Receipt }
  | { status: 'failed'; attempt: Attempt; error: ChannelError };

/** Composes the message and sends it once. Never throws for a failed send. Reads and writes nothing. */
export async function tryOnce(
  deps: Pick<ActivityDependencies, 'channels' | 'credentials'>,
  request: Pick<DeliverRequest, 'tenantId' | 'notificationId' | 'delivery'>,
  subject: Prepared,
  started: Attempt,
  signal: AbortSignal,
): Promise<Tried> {
  try {
    const receipt = await send(deps, request, subject, signal);
    const attempt: Attempt = {
      ...finished(started),
      outcome: 'sent',
      ...(receipt.providerResponse === undefined ? {} : { providerResponse: receipt.providerResponse }),
    };
    return { status: 'sent', attempt, receipt };
  } catch (error) {
    const classified = classify(error);
    const attempt: Attempt = {
      ...finished(started),
      outcome: 'failed',
      failureReason: classified.reason,
      ...(classified.providerResponse === undefined ? {} : { providerResponse: classified.providerResponse }),
    };
    return { status: 'failed', attempt, error: classified };
  }
}

async function send(
  deps: Pick<ActivityDependencies, 'channels' | 'credentials'>,
  request: Pick<DeliverRequest, 'tenantId' | 'notificationId' | 'delivery'>,
  subject: Prepared,
  signal: AbortSignal,
): Promise<Receipt> {
  const { tenantId, delivery } = request;
  const channel = deps.channels.find(delivery.channel, delivery.provider);
  const credentials = await deps.credentials.find(tenantId, delivery.channel, delivery.provider);
  if (channel?.delivery !== 'sent' || credentials === undefined) {
    throw new ChannelError('auth_error', { providerResponse: 'the provider is not set up any more' });
  }
  const target = subject.facts.contact === undefined ? undefined : channel.targetOf(subject.facts.contact);
  if (target === undefined) throw new ChannelError('invalid_recipient', { providerResponse: 'no address' });
  const message = await composeMessage(delivery.channel, target, request, subject);
  channel.check(message);
  return channel.send(message, credentials, {
    tenantId,
    idempotencyKey: `${delivery.deliveryId}:${subject.facts.vault.hash(target)}`,
    signal,
    timeoutMs: ATTEMPT_TIMEOUT_MS,
  });
}

/**
 * Fires when a send is not to go on: its worker must go, or nobody waits for its end any more. Not when its run is told
 * to stop or to send now: what is cut off may have been accepted all the same, and "now" would send it once more. An
 * attempt ends soon by itself, and says what it really did.
 */
export function brokenOff(context: Context): AbortSignal {
  const controller = new AbortController();
  const look = () => {
    const { workerShutdown, timedOut, notFound } = context.cancellationDetails ?? {};
    if (workerShutdown || timedOut || notFound) controller.abort();
  };
  context.cancellationSignal.addEventListener('abort', look, { once: true });
  if (context.cancellationSignal.aborted) look();
  return controller.signal;
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

function finished(started: Attempt): Attempt {
  return { ...started, durationMs: Date.now() - started.at.getTime() };
}

function classify(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof TemplateError) {
    return new ChannelError('content_error', { cause: error, providerResponse: error.detail });
  }
  return new ChannelError('unknown_error', { cause: error });
}
