import type { InAppMessage } from '../contracts/messages.js';
import { ChannelError, type StoredChannel } from './channel.js';

/** Longest title and message of an inbox item, in UTF-16 units as `contracts/trigger.ts` counts them. */
export const inAppLimits = { title: 255, message: 10_000 } as const;

/**
 * The inbox. Nothing is sent: the write that stores a notification with its plan is the delivery, and live sockets
 * hear of it from MongoDB. So it has a place to deliver to and limits, but neither `send` nor credentials.
 */
export const inAppChannel: StoredChannel<InAppMessage> = {
  channel: 'in_app',
  provider: 'inbox',
  delivery: 'stored',

  targetOf: (contact) => (contact.hasInbox ? contact.id : undefined),

  check(message) {
    for (const [field, limit] of Object.entries(inAppLimits) as [keyof typeof inAppLimits, number][]) {
      if (message[field].length > limit) {
        throw new ChannelError('content_error', {
          providerResponse: `not stored: ${field} is longer than ${limit}`,
        });
      }
    }
  },
};
