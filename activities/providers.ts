import type { ChannelName } from '../contracts/channels.js';
import type { Channel } from '../channels/channel.js';
import type { ActivityDependencies } from './dependencies.js';

/** Channel → what takes the tenant's next delivery on it. The inbox is always there. */
export type ConfiguredProviders = ReadonlyMap<ChannelName, Channel>;

/** The first provider of each channel that the tenant has set up. */
export async function configuredProviders(
  deps: ActivityDependencies,
  tenantId: string,
): Promise<ConfiguredProviders> {
  const configured = new Map<ChannelName, Channel>();
  for (const name of deps.channels.channelNames()) {
    const channel = deps.channels.find(name);
    if (channel?.delivery === 'stored') configured.set(name, channel);
    for (const provider of deps.channels.providersOf(name)) {
      if ((await deps.credentials.find(tenantId, name, provider.provider)) === undefined) continue;
      configured.set(name, provider);
      break;
    }
  }
  return configured;
}
