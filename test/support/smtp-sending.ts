import { ChannelError, type SendContext } from '../../channels/channel.js';
import { smtpCredentials, type SmtpCredentials } from '../../channels/email/smtp-credentials.js';
import { openNetwork } from '../../runtime/outbound.js';
import type { EmailMessage } from '../../contracts/messages.js';

export function email(changes: Partial<EmailMessage> = {}): EmailMessage {
  return {
    channel: 'email',
    to: 'ada.lovelace@example.com',
    subject: 'Your approval is asked for',
    text: 'Please look at contract 7.',
    html: '<p>Please look at contract 7.</p>',
    ...changes,
  };
}

let keys = 0;

/** A context with a key of its own, and a deadline that no healthy send comes near; `signal` may end it sooner. */
export function sendContext({ signal, ...changes }: Partial<SendContext> = {}): SendContext {
  keys += 1;
  const timeoutMs = changes.timeoutMs ?? 20_000;
  const deadline = AbortSignal.timeout(timeoutMs);
  return {
    tenantId: 'acme',
    idempotencyKey: `n-${keys}:email:h-1`,
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    timeoutMs,
    network: openNetwork,
    ...changes,
  };
}

/** Credentials for a URL, with a sender. */
export function credentialsFor(url: string, changes: Record<string, unknown> = {}): SmtpCredentials {
  return smtpCredentials.parse({ url, from: 'Carillon <notifications@carillon.example>', ...changes });
}

/** The {@link ChannelError} that a send ends in; throws where it succeeds or fails otherwise. */
export async function failureOf(sending: Promise<unknown>): Promise<ChannelError> {
  const outcome: unknown = await sending.then(
    () => new Error('the send succeeded'),
    (error: unknown) => error,
  );
  if (outcome instanceof ChannelError) return outcome;
  throw outcome;
}

/** Everything that a log or a person could get to see of an error, causes included. */
export function visibleText(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const { cause, ...fields } = error;
  return [
    error.message,
    error.stack,
    JSON.stringify(fields),
    cause === undefined ? '' : visibleText(cause),
  ].join('\n');
}
