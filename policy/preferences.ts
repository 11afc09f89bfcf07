import { canDigest } from '../contracts/cadences.js';
import {
  channelNames,
  channelsOnByDefault,
  type ByChannel,
  type ChannelName,
} from '../contracts/channels.js';
import type { NotificationType } from '../contracts/notification-types.js';
import type { Preferences, PreferencesPatch, preferenceSources } from '../contracts/preferences.js';
import type { Tenant } from '../contracts/tenants.js';

/** Which rule answered: one of the person's (`type`, `category`, `channel`), a default, or that nobody may choose. */
export type PreferenceSource = (typeof preferenceSources)[number];

/** The person's own rules, as opposed to defaults. */
export const personalSources: readonly PreferenceSource[] = ['type', 'category', 'channel'];

export interface PreferenceAnswer {
  allowed: boolean;
  source: PreferenceSource;
}

/** What a preference is asked about. */
export type RuledType = Pick<
  NotificationType,
  'name' | 'category' | 'defaultChannels' | 'enabledByDefault' | 'lockedChannels'
>;
export type TenantDefaults = Pick<Tenant, 'channelDefaults'>;

/**
 * Whether a person takes a type on a channel, and which rule says so. The most specific wins: type × channel, category
 * (as a whole, or by channel), channel, the type's default, the tenant's, and last the channels that are on by default.
 *
 * A channel that the type locks is on, whatever anybody said. A type that is not enabled by default is off unless the
 * person turned it, or its category, on: that they take a channel is not enough.
 *
 * A type's default only turns on: a channel missing from its `defaultChannels` is left to the tenant, which could
 * otherwise never be asked.
 */
export function allowedByPerson(
  channel: ChannelName,
  type: RuledType,
  preferences: Preferences,
  tenant: TenantDefaults,
): PreferenceAnswer {
  if (type.lockedChannels.includes(channel)) return { allowed: true, source: 'locked' };
  const byType = preferences.types[type.name]?.[channel];
  if (byType !== undefined) return { allowed: byType, source: 'type' };
  const category = preferences.categories[type.category];
  const byCategory = typeof category === 'boolean' ? category : category?.[channel];
  if (byCategory !== undefined) return { allowed: byCategory, source: 'category' };
  const byChannel = preferences.channels[channel];
  if (byChannel === false) return { allowed: false, source: 'channel' };
  if (!type.enabledByDefault) return { allowed: false, source: 'type_default' };
  if (byChannel !== undefined) return { allowed: byChannel, source: 'channel' };
  if (type.defaultChannels.includes(channel)) return { allowed: true, source: 'type_default' };
  const byTenant = tenant.channelDefaults[channel];
  if (byTenant !== undefined) return { allowed: byTenant, source: 'tenant' };
  return { allowed: channelsOnByDefault.includes(channel), source: 'default' };
}

/**
 * Preferences after a change. What the patch leaves out stays, inside a type or category too; `null` removes a rule.
 * Where one value stood for all channels and the patch names some, it goes on standing for the others: a category that
 * is off, patched with `{ email: true }`, is on for email and off for the rest.
 * @param channels all that there are: by default those that Carillon brings.
 */
export function applyPreferencesPatch(
  current: Preferences,
  patch: PreferencesPatch,
  channels: readonly ChannelName[] = channelNames,
): Preferences {
  const overlay = overlayOn(channels);
  const overlayCadence = overlayOn(channels.filter(canDigest));
  return {
    channels: patchRules(current.channels, patch.channels, (_, next) => next),
    categories: patchRules(current.categories, patch.categories, overlay),
    types: patchRules(current.types, patch.types, (before, { cadence, ...switches }) => ({
      ...before,
      ...Object.fromEntries(named(switches)),
      ...(cadence === undefined ? {} : { cadence: overlayCadence(before?.cadence, cadence) }),
    })),
    cadences: patchRules(current.cadences, patch.cadences, (_, next) => next),
    mutedTopics: patchTopics(current.mutedTopics, patch.mutedTopics),
    quietHours: patch.quietHours === undefined ? current.quietHours : patch.quietHours,
    digestAt: patch.digestAt === undefined ? current.digestAt : patch.digestAt,
    digestOn: patch.digestOn === undefined ? current.digestOn : patch.digestOn,
    mutedUntil: patch.mutedUntil === undefined ? current.mutedUntil : patch.mutedUntil,
    insights: patch.insights ?? current.insights,
    tracking: patch.tracking ?? current.tracking,
  };
}

function patchRules<T>(
  rules: Readonly<Record<string, T | undefined>>,
  patch: Readonly<Record<string, T | null | undefined>> | undefined,
  change: (current: T | undefined, next: T) => T,
): Record<string, T> {
  const patched = new Map(named(rules));
  for (const [name, next] of named(patch ?? {})) {
    if (next === null) patched.delete(name);
    else patched.set(name, change(patched.get(name), next));
  }
  return Object.fromEntries(patched);
}

function patchTopics(current: string[], patch: PreferencesPatch['mutedTopics']): string[] {
  if (patch === undefined || Array.isArray(patch)) return patch ?? current;
  const kept = current.filter((topic) => !Object.hasOwn(patch, topic));
  return [...kept, ...Object.keys(patch).filter((topic) => patch[topic])];
}

type Rules<T> = Partial<Record<ChannelName, T>>;

/** Values by channel laid over what was there; a single value replaces everything. */
const overlayOn =
  (channels: readonly ChannelName[]) =>
  <T extends string | boolean>(current: T | Rules<T> | undefined, next: T | Rules<T>): T | Rules<T> => {
    if (typeof next !== 'object') return next;
    const isOne = typeof current !== 'object' && current !== undefined;
    const below = isOne ? byChannel(channels, () => current) : current;
    return { ...below, ...Object.fromEntries(named(next)) };
  };

function byChannel<T>(channels: readonly ChannelName[], valueOf: (channel: ChannelName) => T): ByChannel<T> {
  return Object.fromEntries(channels.map((channel) => [channel, valueOf(channel)]));
}

/** Entries that say something. */
function named<T>(record: Readonly<Record<string, T | undefined>>): [string, T][] {
  return Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined);
}
