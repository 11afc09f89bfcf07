import { builtInChannels } from './built-in.js';
import { channelsIn } from './own-modules.js';
import { channelRegistry, type ChannelRegistry } from './registry.js';

/** What the environment says of channels. */
export interface ChannelSettings {
  CARILLON_PROVIDER_ENDPOINTS: ReadonlyMap<string, string>;
  /** Modules of the deployment's own, in the order in which their providers are tried. */
  CARILLON_CHANNELS: readonly string[];
}

/** `runtime/load-modules.ts` */
type LoadModules = (
  variable: string,
  names: readonly string[],
  take: (exports: Readonly<Record<string, unknown>>) => void,
) => Promise<void>;

/**
 * The channels of this deployment: those that come with Carillon, and behind them its own.
 * @throws what `load` throws for a module that is not there, has no channel, or has one that is there already.
 */
export async function deploymentChannels(
  settings: ChannelSettings,
  load: LoadModules,
): Promise<ChannelRegistry> {
  const registry = channelRegistry(builtInChannels({ endpoints: settings.CARILLON_PROVIDER_ENDPOINTS }));
  await load('CARILLON_CHANNELS', settings.CARILLON_CHANNELS, (exports) => {
    for (const channel of channelsIn(exports)) registry.register(channel);
  });
  return registry;
}
