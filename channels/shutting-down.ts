import { ChannelError } from './channel.js';

/** Why nothing is sent any more through what was closed: no fault of the provider, so a later attempt makes up for it. */
export function shuttingDown(): ChannelError {
  return new ChannelError('network_error', {
    providerDown: false,
    providerResponse: 'not sent: shutting down',
  });
}
