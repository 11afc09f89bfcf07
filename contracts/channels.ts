import { z } from 'zod';

/** The channels that Carillon knows by name; a deployment may register more. */
export const channelNames = [
  'in_app',
  'email',
  'sms',
  'push',
  'slack',
  'teams',
  'webhook',
  'whatsapp',
] as const;
export type ChannelName = (typeof channelNames)[number];
export const channelName = z.enum(channelNames);

/** On without any preference: in-app and email; everything else is off until type, tenant or person turns it on. */
export const channelsOnByDefault: readonly ChannelName[] = ['in_app', 'email'];

/** Whether a channel disturbs the person: in-app waits in the inbox, so quiet hours do not hold it. */
export function interrupts(channel: ChannelName): boolean {
  return channel !== 'in_app';
}
