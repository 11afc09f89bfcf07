import { canDigest } from '../contracts/cadences.js';
import {
  channelNames,
  channelsOnByDefault,
  type ByChannel,
  type ChannelName,
} from '../contracts/channels.js';
import type { Contact } from '../contracts/contact.js';
import { DIGEST_TYPE } from '../contracts/digests.js';
import { supports, type NotificationType } from '../contracts/notification-types.js';
import type { EffectivePreferences, EffectiveSwitch, Preferences } from '../contracts/preferences.js';
import type { Tenant } from '../contracts/tenants.js';
import { cadenceRule, digestTimeOf } from './digest.js';
import { allowedByPerson } from './preferences.js';

/** What the effective preferences of a person rest on. */
export interface Chooser {
  preferences: Preferences;
  tenant: Pick<Tenant, 'timezone' | 'channelDefaults' | 'quietHours' | 'disabledTypes'>;
  contact: Pick<Contact, 'timezone'> | undefined;
  /** Channels that the tenant has set up, in-app among them. */
  configured: readonly ChannelName[];
}

/**
 * What a person's rules, the types' and the tenant's come to: every type on every channel that it may go out on, and
 * when the person is left alone and gets what is collected; each with where it comes from. What a critical type, or a
 * type for this channel, does not leave to the person is locked.
 * @param channels all that there are: by default those that Carillon brings.
 */
export function effectivePreferences(
  types: readonly NotificationType[],
  chooser: Chooser,
  channels: readonly ChannelName[] = channelNames,
): EffectivePreferences {
  const { preferences, tenant, contact } = chooser;
  const offered = types.filter(({ name }) => name !== DIGEST_TYPE && !tenant.disabledTypes.includes(name));
  const { quietHours, digestAt, digestOn } = preferences;
  const times = digestTimeOf({ contact, preferences, tenant });
  return {
    channels: Object.fromEntries(channels.map((channel) => [channel, channelOf(channel, chooser)])),
    types: Object.fromEntries(offered.map((type) => [type.name, switchesOf(type, chooser, channels)])),
    quietHours: {
      value: quietHours ?? tenant.quietHours,
      source: quietHours ? 'person' : tenant.quietHours ? 'tenant' : 'default',
    },
    timezone: { value: times.zone, source: times.zone === contact?.timezone ? 'person' : 'tenant' },
    digestAt: { value: times.at, source: digestAt === null ? 'default' : 'person' },
    digestOn: { value: times.day, source: digestOn === null ? 'default' : 'person' },
  };
}

function channelOf(
  channel: ChannelName,
  { preferences, tenant, configured }: Chooser,
): NonNullable<EffectivePreferences['channels'][ChannelName]> {
  const own = preferences.channels[channel];
  const byTenant = tenant.channelDefaults[channel];
  return {
    enabled: own ?? byTenant ?? channelsOnByDefault.includes(channel),
    source: own !== undefined ? 'channel' : byTenant !== undefined ? 'tenant' : 'default',
    configured: configured.includes(channel),
    collects: canDigest(channel),
  };
}

function switchesOf(
  type: NotificationType,
  { preferences, tenant }: Chooser,
  channels: readonly ChannelName[],
): ByChannel<EffectiveSwitch> {
  const one = (channel: ChannelName): EffectiveSwitch => {
    const { allowed, source } = type.critical
      ? { allowed: true, source: 'locked' as const }
      : allowedByPerson(channel, type, preferences, tenant);
    const switched = { enabled: allowed, source, locked: source === 'locked' };
    if (!canDigest(channel)) return switched;
    if (type.critical) return { ...switched, cadence: 'immediate', cadenceSource: 'locked' };
    const { cadence, source: cadenceSource } = cadenceRule(channel, type, preferences);
    return { ...switched, cadence, cadenceSource };
  };
  const supported = channels.filter((channel) => supports(type, channel));
  return Object.fromEntries(supported.map((channel) => [channel, one(channel)]));
}
