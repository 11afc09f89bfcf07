import { z } from 'zod';

/** The channels that Carillon brings. A deployment may have others of its own: see {@link ownChannelName}. */
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
export type BuiltInChannel = (typeof channelNames)[number];
/** A channel that modules of the deployment's own brought, e.g. `x_pager`. */
export type OwnChannelName = `x_${string}`;
export type ChannelName = BuiltInChannel | OwnChannelName;

/** Something for each of some channels. */
export type ByChannel<T> = { [C in BuiltInChannel]?: T } & { [own: OwnChannelName]: T };

/** The own channels that are taken at the moment; undefined for any. */
let known: readonly OwnChannelName[] | undefined;

/**
 * Runs `parse`, in which no own channels but these are names of channels. What comes from outside is parsed so; what is
 * stored stays readable when a deployment has given a channel up.
 */
export function withOwnChannels<T>(names: readonly OwnChannelName[], parse: () => T): T {
  const before = known;
  known = names;
  try {
    return parse();
  } finally {
    known = before;
  }
}

/** How a channel of a deployment's own is named: it can never be mistaken for one that Carillon brings, now or later. */
export const ownChannelName = z
  .templateLiteral(
    ['x_', z.string().regex(/^[a-z0-9_]{1,30}$/)],
    'must be x_ and 1 to 30 lower-case letters, digits or underscores',
  )
  .refine((name) => known?.includes(name) ?? true, 'is no channel of this deployment');

export const channelName = oneOf(channelNames);

const sentChannelNames = channelNames.filter((name) => name !== 'in_app');
/** A channel that goes out. The inbox is written with the plan: there is nothing to send, and no provider. */
export const sentChannelName = oneOf(sentChannelNames);
export type SentChannelName = Exclude<ChannelName, 'in_app'>;

function oneOf<const Name extends BuiltInChannel>(names: readonly Name[]) {
  return z.union([z.enum(names), ownChannelName], {
    error: () => `must be one of ${[...names, ...(known ?? [])].join(', ')}`,
  });
}

export function isOwnChannel(name: string): name is OwnChannelName {
  return name.startsWith('x_');
}

/** Where a table by channel has what holds for every own channel: {@link entryOf} finds it. */
export const EVERY_OWN = 'x_';

/** The entry of a table by channel that is a channel's: own channels share one, since no table can know them. */
export function entryOf<C extends ChannelName>(channel: C): C {
  return isOwnChannel(channel) ? (EVERY_OWN as C) : channel;
}

/** Every channel that Carillon brings, and after them those of the deployment's own that are among these. */
export function withBuiltIn(names: Iterable<ChannelName>): ChannelName[] {
  return [...channelNames, ...new Set([...names].filter(isOwnChannel))];
}

/** Most channels that one list may name. */
export const MAX_CHANNELS = 50;

/** On without any preference: in-app and email; everything else is off until type, tenant or person turns it on. */
export const channelsOnByDefault: readonly ChannelName[] = ['in_app', 'email'];

/** Whether a channel disturbs the person: in-app waits in the inbox, so quiet hours do not hold it. */
export function interrupts(channel: ChannelName): boolean {
  return channel !== 'in_app';
}
