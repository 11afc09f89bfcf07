import { z } from 'zod';
import { isOwnChannel, type ChannelName } from './channels.js';

/** How often a person gets something: at once, or collected. */
export const cadences = ['immediate', 'hourly', 'daily', 'weekly'] as const;
export const cadence = z.enum(cadences);
export type Cadence = z.infer<typeof cadence>;

/** Channels on which notifications can be collected: those that interrupt and carry text, as own channels do. */
export const digestibleChannels = ['email', 'sms', 'push', 'slack', 'teams', 'whatsapp'] as const;

/** Whether notifications can be collected there. An inbox collects by itself, and a webhook is read by a machine. */
export function canDigest(channel: ChannelName): boolean {
  return isOwnChannel(channel) || (digestibleChannels as readonly ChannelName[]).includes(channel);
}
