import { ChannelError } from '../channels/channel.js';
import type { ChannelName } from '../contracts/channels.js';
import type { Contact } from '../contracts/contact.js';
import { providerName } from '../contracts/provider-run.js';
import { reaching, type ConfiguredProviders } from './providers.js';
import type { Way } from './try-once.js';

/** The providers that reach a person, in the order in which they are tried; or why there are none. */
export type Ways = readonly [Way, ...Way[]] | ChannelError;

/** The ways to a person on a channel, through the providers that its tenant has set up. */
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
