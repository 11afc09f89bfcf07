import type { CommandDependencies } from '../../commands/dependencies.js';
import type { OwnChannelName } from '../../contracts/channels.js';

/** What it takes to take events in. */
export interface InboundDependencies extends CommandDependencies {
  /** The deployment's own channels, which a rule may name. */
  ownChannels: readonly OwnChannelName[];
}
