import type {
  ByChannel,
  Cadence,
  ChannelName,
  EffectivePreferences,
  EffectiveSwitch,
  Preferences,
  PreferencesInForce,
  PreferencesPatch,
  TypeChoice,
} from '../../client/shapes.js';

/**
 * What preferences will come to once a change is made: shown until the server has said so. What only the server knows,
 * such as the default that a removed rule gives way to, stays as it is until then.
 */
export function withPatch(
  before: PreferencesInForce,
  patch: PreferencesPatch,
  types: readonly TypeChoice[],
): PreferencesInForce {
  const { quietHours, digestAt, digestOn, mutedUntil, mutedTopics, insights, tracking } = patch;
  const { effective } = before;
  const channels = Object.keys(effective.channels) as ChannelName[];
  const collecting = channels.filter((channel) => effective.channels[channel]?.collects);
  const said: PreferencesInForce = {
    ...before,
    channels: rules(before.channels, patch.channels),
    cadences: rules(before.cadences, patch.cadences),
    categories: rules(before.categories, patch.categories, (was, next) => overlay(channels, was, next)),
    types: rules(before.types, patch.types, (was, next) => ({
      ...was,
      ...next,
      ...(next.cadence === undefined ? {} : { cadence: overlay(collecting, was?.cadence, next.cadence) }),
    })),
    mutedTopics: topics(before.mutedTopics, mutedTopics),
    ...(mutedUntil === undefined ? {} : { mutedUntil }),
    ...(insights === undefined ? {} : { insights }),
    ...(tracking === undefined ? {} : { tracking }),
    ...(digestAt === undefined ? {} : { digestAt }),
    ...(digestOn === undefined ? {} : { digestOn }),
    ...(quietHours === undefined ? {} : { quietHours: quietHours as Preferences['quietHours'] }),
  };
  return {
    ...said,
    effective: {
      ...effective,
      channels: channelsIn(said, effective, patch),
      types: Object.fromEntries(
        types.map((type) => [type.name, switchesOf(type, said, effective.types[type.name] ?? {})]),
      ),
      ...(said.quietHours ? { quietHours: { value: said.quietHours, source: 'person' as const } } : {}),
      ...(digestAt ? { digestAt: { value: digestAt, source: 'person' as const } } : {}),
      ...(digestOn ? { digestOn: { value: digestOn, source: 'person' as const } } : {}),
    },
  };
}

function channelsIn(
  said: Preferences,
  { channels }: EffectivePreferences,
  patch: PreferencesPatch,
): EffectivePreferences['channels'] {
  const entries = Object.entries(channels).map(([name, channel]) => {
    const enabled = said.channels[name as ChannelName];
    const isChosen = enabled !== undefined && patch.channels !== undefined;
    return [name, isChosen ? { ...channel, enabled, source: 'channel' as const } : channel];
  });
  return Object.fromEntries(entries) as EffectivePreferences['channels'];
}

function switchesOf(
  type: TypeChoice,
  said: Preferences,
  before: ByChannel<EffectiveSwitch>,
): ByChannel<EffectiveSwitch> {
  const entries = (Object.entries(before) as [ChannelName, EffectiveSwitch][]).map(([channel, cell]) => [
    channel,
    {
      ...cell,
      ...(cell.locked ? {} : enabledBy(type, channel, said, cell)),
      ...cadenceBy(type, channel, said, cell),
    },
  ]);
  return Object.fromEntries(entries) as ByChannel<EffectiveSwitch>;
}

/** The most specific rule: type × channel, category, channel. */
function enabledBy(
  type: TypeChoice,
  channel: ChannelName,
  said: Preferences,
  before: EffectiveSwitch,
): Partial<EffectiveSwitch> {
  const byType = said.types[type.name]?.[channel];
  if (byType !== undefined) return { enabled: byType, source: 'type' };
  const category = said.categories[type.category];
  const byCategory = typeof category === 'boolean' ? category : category?.[channel];
  if (byCategory !== undefined) return { enabled: byCategory, source: 'category' };
  const byChannel = said.channels[channel];
  // A type that nobody gets who has not turned it on is not turned on by a channel.
  const staysOff = byChannel === true && before.source === 'type_default' && !before.enabled;
  return byChannel === undefined || staysOff ? {} : { enabled: byChannel, source: 'channel' };
}

function cadenceBy(
  type: TypeChoice,
  channel: ChannelName,
  said: Preferences,
  { cadence, cadenceSource }: EffectiveSwitch,
): Partial<EffectiveSwitch> {
  if (cadence === undefined || cadenceSource === 'locked') return {};
  const chosen: Cadence | ByChannel<Cadence> | undefined = said.types[type.name]?.cadence;
  const ofType = typeof chosen === 'object' ? chosen[channel] : chosen;
  if (ofType !== undefined) return { cadence: ofType, cadenceSource: 'type' };
  const ofChannel = said.cadences[channel];
  if (ofChannel !== undefined) return { cadence: ofChannel, cadenceSource: 'channel' };
  return {};
}

/** Values by channel over what was there: one value that stood for all goes on standing for the other channels. */
function overlay<T extends string | boolean>(
  channels: readonly ChannelName[],
  was: T | ByChannel<T> | undefined,
  next: T | ByChannel<T>,
): T | ByChannel<T> {
  if (typeof next !== 'object') return next;
  const below = typeof was === 'object' ? was : was === undefined ? {} : valueFor(channels, was);
  return { ...below, ...next };
}

function valueFor<T>(channels: readonly ChannelName[], value: T): ByChannel<T> {
  return Object.fromEntries(channels.map((channel) => [channel, value]));
}

/** Rules after a change: `null` removes one. */
function rules<T>(
  before: Readonly<Record<string, T | undefined>>,
  patch: Readonly<Record<string, T | null | undefined>> = {},
  merge: (was: T | undefined, next: T) => T = (_was, next) => next,
): Record<string, T> {
  const after = new Map(Object.entries(before));
  for (const [name, next] of Object.entries(patch)) {
    if (next === null) after.delete(name);
    else if (next !== undefined) after.set(name, merge(after.get(name), next));
  }
  return Object.fromEntries(after) as Record<string, T>;
}

function topics(before: string[], patch: PreferencesPatch['mutedTopics']): string[] {
  if (patch === undefined || Array.isArray(patch)) return patch ?? before;
  const kept = before.filter((topic) => !Object.hasOwn(patch, topic));
  return [...kept, ...Object.keys(patch).filter((topic) => patch[topic])];
}
