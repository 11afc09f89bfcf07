import { ChannelError } from '../channels/channel.js';
import type { ChannelName } from '../contracts/channels.js';
import type { Contact } from '../contracts/contact.js';
import type { FailureReason } from '../contracts/errors.js';
import { providerName } from '../contracts/provider-run.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { Attempt } from '../models/delivery-schema.js';
import { ATTEMPT_TIMEOUT_MS } from '../workflows/retry-policies.js';
import type { Prepared } from './prepared.js';
import { reaching, type ConfiguredProviders } from './providers.js';
import { failed, tryOnce, type Tried, type Way } from './try-once.js';

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

/** The providers that reach a person, in the order in which they are tried; or why there are none. */
export type Ways = readonly [Way, ...Way[]] | ChannelError;

export function waysTo(
  providers: ConfiguredProviders,
  channel: ChannelName,
  contact: Contact | undefined,
): Ways {
  const [first, ...others] = reaching(providers, channel, contact);
  if (first) return [first, ...others];
  if (providers.has(channel))
    return new ChannelError('invalid_recipient', { providerResponse: 'no address' });
  return new ChannelError('auth_error', { providerResponse: 'no provider is set up any more' });
}

/** Whether every provider that reaches the person is down. */
export function allDown(ways: Ways, down: ReadonlySet<string>, channel: ChannelName): boolean {
  if (ways instanceof ChannelError) return false;
  return ways.every(({ provider }) => down.has(providerName({ channel, provider: provider.name })));
}

/** Of the ways those whose provider is not down; all of them where it is none. */
export function thatAnswer(ways: Ways, down: ReadonlySet<string>, channel: ChannelName): Ways {
  if (ways instanceof ChannelError || down.size === 0) return ways;
  const [first, ...others] = ways.filter((way) => !allDown([way], down, channel));
  return first ? [first, ...others] : ways;
}

/**
 * Sends once through the first way, and where that fails at once through the next. Never throws for a failed send.
 * @param options.stop fires when the attempt is not to go on.
 * @param options.onEnded told how each try ended: with this error, or well.
 * @param options.onFailover told of a try that failed, and of the next one, before that is made.
 */
export async function tryInTurn(
  ways: Ways,
  request: Pick<DeliverRequest, 'tenantId' | 'notificationId' | 'delivery'>,
  subject: Prepared,
  started: Attempt,
  options: {
    stop: AbortSignal;
    onEnded: (provider: string, error: ChannelError | undefined) => Promise<void>;
    onFailover: (ended: Attempt, next: Attempt) => Promise<void> | void;
  },
): Promise<Tried> {
  if (ways instanceof ChannelError) return failed(started, ways);
  const [way, ...others] = ways;
  const endMs = Date.now() + ROUND_MS;
  let tried = await tryOnce(way, request, subject, started, options);
  await options.onEnded(way.provider.name, errorOf(tried));
  for (const other of others) {
    if (tried.status === 'sent' || !failsOver.has(tried.error.reason)) break;
    const leftMs = endMs - Date.now();
    if (options.stop.aborted || leftMs < LEAST_MS) break;
    const next: Attempt = {
      at: new Date(Math.max(Date.now(), tried.attempt.at.getTime() + 1)),
      provider: other.provider.name,
      kind: started.kind,
      outcome: 'started',
    };
    await options.onFailover({ ...tried.attempt, failedOver: true }, next);
    const timeoutMs = Math.min(ATTEMPT_TIMEOUT_MS, leftMs);
    tried = await tryOnce(other, request, subject, next, { ...options, timeoutMs });
    await options.onEnded(other.provider.name, errorOf(tried));
  }
  return tried;
}

function errorOf(tried: Tried): ChannelError | undefined {
  return tried.status === 'failed' ? tried.error : undefined;
}
