import { isOwnChannel } from '../../contracts/channels.js';
import type { InboundDependencies } from '../../events/inbound/dependencies.js';
import type { ApiDependencies } from '../dependencies.js';

/** The API's dependencies, as taking events in wants them. */
export function inboundOf(deps: ApiDependencies): InboundDependencies {
  return { ...deps, ownChannels: deps.channels.channelNames().filter(isOwnChannel) };
}
