import type { SendingChannel } from '../channels/channel.js';
import type { ChannelName } from '../contracts/channels.js';
import { CarillonError } from '../contracts/errors.js';
import type { ApiDependencies } from './dependencies.js';

/** The channels that go out: those that this deployment knows a provider of. */
export function sendingChannels({ channels }: ApiDependencies): ChannelName[] {
  return channels.channelNames().filter((name) => channels.providersOf(name).length > 0);
}

/** @throws CarillonError `not_found`, naming those that there are. */
export function knownChannel(deps: ApiDependencies, name: string): ChannelName {
  const known = sendingChannels(deps);
  const found = known.find((channel) => channel === name);
  if (found) return found;
  throw new CarillonError('not_found', `there is no channel "${name}" that goes out: ${known.join(', ')}`);
}

/** @throws CarillonError `not_found`, naming those that there are. */
export function knownProvider(
  deps: ApiDependencies,
  params: { channel: string; provider: string },
): SendingChannel {
  const known = deps.channels.providersOf(knownChannel(deps, params.channel));
  const found = known.find(({ provider }) => provider === params.provider);
  if (found) return found;
  const names = known.map(({ provider }) => provider).join(', ');
  throw new CarillonError(
    'not_found',
    `there is no provider "${params.provider}" of ${params.channel}: ${names}`,
  );
}
