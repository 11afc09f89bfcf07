import type { Context } from '@temporalio/activity';
import { ChannelError, type Receipt } from '../channels/channel.js';
import { AddressNotAllowedError } from '../contracts/network.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { Attempt } from '../models/delivery-schema.js';
import { TemplateError } from '../templates/template-error.js';
import { ATTEMPT_TIMEOUT_MS } from '../workflows/retry-policies.js';
import { attemptDeadline } from './attempt-deadline.js';
import { composeMessage, type MessageParts } from './compose.js';
import type { Prepared } from './prepared.js';
import type { ConfiguredProvider } from './providers.js';

/** How one try at a provider ended. */
export type Tried =
  | { status: 'sent'; attempt: Attempt; receipt: Receipt }
  | { status: 'failed'; attempt: Attempt; error: ChannelError; /** Where it was sent to. */ target?: string };

/** Of the targets, those that the provider said it does not know any more. */
export function goneTargetsOf(tried: Tried): readonly string[] {
  return (tried.status === 'sent' ? tried.receipt.goneTargets : tried.error.goneTargets) ?? [];
}

/** A provider, and where it reaches the person. */
export interface Way {
  provider: ConfiguredProvider;
  target: string;
}

export interface TryOptions extends MessageParts {
  /** Fires when the attempt is not to go on. */
  stop: AbortSignal;
  /** That the try has as a whole, in milliseconds; 30 s by default. */
  timeoutMs?: number;
  /** Names the delivery to whoever reports of it. */
  returnToken?: string | undefined;
}

/**
 * Composes the message and sends it once. Never throws for a failed send. Reads and writes nothing.
 */
export async function tryOnce(
  way: Way,
  request: Pick<DeliverRequest, 'tenantId' | 'notificationId' | 'delivery'>,
  subject: Prepared,
  started: Attempt,
  options: TryOptions,
): Promise<Tried> {
  try {
    const receipt = await send(way, request, subject, options);
    const attempt: Attempt = {
      ...finished(started),
      outcome: 'sent',
      ...(receipt.providerResponse === undefined ? {} : { providerResponse: receipt.providerResponse }),
    };
    return { status: 'sent', attempt, receipt };
  } catch (error) {
    return { ...failed(started, error), target: way.target };
  }
}

/** A try that ended in this error, or could not be made because of it. */
export function failed(started: Attempt, error: unknown): Extract<Tried, { status: 'failed' }> {
  const classified = classify(error);
  const attempt: Attempt = {
    ...finished(started),
    outcome: 'failed',
    failureReason: classified.reason,
    ...(classified.providerDown ? { providerDown: true as const } : {}),
    ...(classified.providerResponse === undefined ? {} : { providerResponse: classified.providerResponse }),
  };
  return { status: 'failed', attempt, error: classified };
}

async function send(
  { provider, target }: Way,
  { tenantId, notificationId, delivery }: Pick<DeliverRequest, 'tenantId' | 'notificationId' | 'delivery'>,
  subject: Prepared,
  { stop, timeoutMs = ATTEMPT_TIMEOUT_MS, returnToken, ...parts }: TryOptions,
): Promise<Receipt> {
  if (!provider.sending) throw new Error(`${provider.name} sends nothing`);
  const { channel, credentials, problem, network, callbackUrl } = provider.sending;
  if (problem !== undefined) {
    throw new ChannelError('auth_error', { providerResponse: `not sent: ${problem}` });
  }
  const message = await composeMessage(delivery.channel, target, { notificationId }, subject, parts);
  channel.check(message);
  const deadline = attemptDeadline(stop, timeoutMs);
  try {
    return await channel.send(message, credentials, {
      tenantId,
      idempotencyKey: `${delivery.deliveryId}:${subject.facts.vault.hash(target)}`,
      signal: deadline.signal,
      timeoutMs,
      network,
      ...(callbackUrl === undefined
        ? {}
        : { callbackUrl: `${callbackUrl}?delivery=${encodeURIComponent(delivery.deliveryId)}` }),
      ...(returnToken === undefined ? {} : { returnToken }),
    });
  } finally {
    deadline.release();
  }
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

function finished(started: Attempt): Attempt {
  return { ...started, durationMs: Date.now() - started.at.getTime() };
}

function classify(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof TemplateError) {
    return new ChannelError('content_error', { cause: error, providerResponse: error.detail });
  }
  if (error instanceof AddressNotAllowedError) {
    return new ChannelError('auth_error', { cause: error, providerResponse: `not sent: ${error.message}` });
  }
  return new ChannelError('unknown_error', { cause: error });
}
