import type { ChannelName } from '../contracts/channels.js';
import type { Channel, SendingChannel } from './channel.js';

/** The channels of this deployment. The order of registration is the order in which a channel's providers are tried. */
export interface ChannelRegistry {
  /** @throws {Error} where this channel has that provider already. */
  register(channel: Channel): void;
  /** Every channel that can deliver, the inbox too, in order of first registration. */
  channelNames(): ChannelName[];
  /** Who sends for this channel, first choice first; empty where storing is the delivery, or nobody is registered. */
  providersOf(channel: ChannelName): readonly SendingChannel[];
  /** One provider; without its name the channel's first, which also knows targets and limits. */
  find(channel: ChannelName, provider?: string): Channel | undefined;
  /**
   * Closes every provider, also where one of them fails to.
   * @throws {AggregateError} with what failed.
   */
  close(): Promise<void>;
}

/** @throws {Error} where two of the channels given are the same provider of the same channel. */
export function channelRegistry(channels: Iterable<Channel> = []): ChannelRegistry {
  const byName = new Map<ChannelName, Channel[]>();

  const registry: ChannelRegistry = {
    register(channel) {
      const registered = byName.get(channel.channel) ?? [];
      if (registered.some(({ provider }) => provider === channel.provider)) {
        throw new Error(`${channel.channel} has a provider ${channel.provider} already`);
      }
      byName.set(channel.channel, [...registered, channel]);
    },
    channelNames: () => [...byName.keys()],
    providersOf: (name) => (byName.get(name) ?? []).filter(isSending),
    find: (name, provider) =>
      byName.get(name)?.find((channel) => provider === undefined || channel.provider === provider),
    async close() {
      const sending = [...byName.values()].flat().filter(isSending);
      const results = await Promise.allSettled(sending.map((channel) => channel.close()));
      const failed = results.filter((result) => result.status === 'rejected');
      if (failed.length > 0) throw new AggregateError(failed.map((result): unknown => result.reason));
    },
  };
  for (const channel of channels) registry.register(channel);
  return registry;
}

function isSending(channel: Channel): channel is SendingChannel {
  return channel.delivery === 'sent';
}
