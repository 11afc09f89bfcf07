import { z } from 'zod';
import { beside } from './beside.js';
import { cadence, canDigest, type Cadence } from './cadences.js';
import { channelName, type ChannelName } from './channels.js';
import { externalId, timestamp, typeName } from './primitives.js';
import { dayNames, quietHours, wallClockTime } from './quiet-hours.js';

/** Where the value of a switch comes from. */
export const preferenceSources = [
  'type',
  'category',
  'channel',
  'type_default',
  'tenant',
  'default',
  'locked',
] as const;

/** `{ email: true, sms: false }`: what is not named is left to the next rule. */
export const channelSwitches = z.partialRecord(channelName, z.boolean());
export type ChannelSwitches = z.infer<typeof channelSwitches>;

/** Refuses to collect where nothing is collected. */
function onlyWhereCollected(
  choices: Partial<Record<ChannelName, Cadence | null | undefined>>,
  context: z.RefinementCtx,
): void {
  for (const [channel, chosen] of Object.entries(choices)) {
    if (!chosen || chosen === 'immediate' || canDigest(channel as ChannelName)) continue;
    const message = `must be immediate, as nothing is collected on ${channel}`;
    context.addIssue({ code: 'custom', path: [channel], message });
  }
}

const cadencesByChannel = z.partialRecord(channelName, cadence).superRefine(onlyWhereCollected);
const cadenceChoice = z.union([cadence, cadencesByChannel]);

const topics = z
  .array(externalId)
  .max(500)
  .refine((names) => new Set(names).size === names.length, 'names a topic twice');

/** A person's choice for one type: switches by channel, and optionally a cadence for all or by channel. */
export const typePreference = beside({ cadence: cadenceChoice.optional() }, channelSwitches);
export type TypePreference = z.infer<typeof typePreference>;

/**
 * What a person wants. The most specific rule wins: type × channel, then category, then channel, then the type's
 * default, then the tenant's. Of cadences too: type × channel, then type, then channel, then the type's default.
 */
export const preferences = z.strictObject({
  channels: channelSwitches.default({}),
  categories: z.record(typeName, z.union([z.boolean(), channelSwitches])).default({}),
  types: z.record(typeName, typePreference).default({}),
  /** How often, by channel: what is said of a type goes before it. */
  cadences: cadencesByChannel.default({}),
  /** What reaches the person only through these topics does not reach them; at most 500. */
  mutedTopics: topics.default([]),
  quietHours: quietHours.nullable().default(null),
  /** When daily and weekly digests come, on the person's wall clock; at 09:00 where it is null. */
  digestAt: wallClockTime.nullable().default(null),
  /** The day of weekly digests; Monday where it is null. */
  digestOn: z.enum(dayNames).nullable().default(null),
  mutedUntil: timestamp.nullable().default(null),
  /** Whether Carillon may learn when and where the person opens and reads. */
  insights: z.boolean().default(true),
  /** Whether mails may tell that they were opened, and which link was followed. */
  tracking: z.boolean().default(true),
});
export type Preferences = z.infer<typeof preferences>;

/**
 * A change: what is left out stays; a `null` inside `channels`, `categories`, `types` or `cadences` removes that rule.
 * `mutedTopics` replaces all of them, or as `{ "w-1": true, "w-2": false }` mutes and unmutes each of those.
 */
export const preferencesPatch = z.strictObject({
  channels: z.partialRecord(channelName, z.boolean().nullable()).optional(),
  categories: z.record(typeName, z.union([z.boolean(), channelSwitches]).nullable()).optional(),
  types: z.record(typeName, typePreference.nullable()).optional(),
  cadences: z.partialRecord(channelName, cadence.nullable()).superRefine(onlyWhereCollected).optional(),
  mutedTopics: z.union([topics, z.record(externalId, z.boolean())]).optional(),
  quietHours: quietHours.nullable().optional(),
  digestAt: wallClockTime.nullable().optional(),
  digestOn: z.enum(dayNames).nullable().optional(),
  mutedUntil: timestamp.nullable().optional(),
  insights: z.boolean().optional(),
  tracking: z.boolean().optional(),
});
export type PreferencesPatch = z.infer<typeof preferencesPatch>;

/** A switch of a preference page, as the rules come out. */
const effectiveSwitch = z.strictObject({
  enabled: z.boolean(),
  source: z.enum(preferenceSources),
  /** The person cannot turn it off. */
  locked: z.boolean(),
  /** Absent where nothing is collected. */
  cadence: cadence.optional(),
  cadenceSource: z.enum(['type', 'channel', 'type_default', 'locked']).optional(),
});
export type EffectiveSwitch = z.infer<typeof effectiveSwitch>;

const effective = <S extends z.ZodType>(value: S) =>
  z.strictObject({ value, source: z.enum(['person', 'tenant', 'default']) });

/** What holds for a channel where nothing is said of a type or its category. */
const effectiveChannel = z.strictObject({
  enabled: z.boolean(),
  source: z.enum(['channel', 'tenant', 'default']),
  /** False where the tenant has not set it up, so that nothing goes out there whatever one chooses. */
  configured: z.boolean(),
  /** Whether a cadence other than immediate may be chosen. */
  collects: z.boolean(),
});

/** What is in force for a person, and where each of it comes from. */
export const effectivePreferences = z.strictObject({
  /** Every channel that there is. */
  channels: z.partialRecord(channelName, effectiveChannel),
  /** By type and channel; types that are turned off for the tenant are not in it. */
  types: z.record(typeName, z.partialRecord(channelName, effectiveSwitch)),
  quietHours: effective(quietHours.nullable()),
  /** In which quiet hours without a zone of their own, and digests, are meant. */
  timezone: effective(z.string()),
  digestAt: effective(wallClockTime),
  digestOn: effective(z.enum(dayNames)),
});
export type EffectivePreferences = z.infer<typeof effectivePreferences>;

export const noPreferences: Preferences = preferences.parse({});

/** The defaults, but for consent: what somebody refused stays refused until they say otherwise. */
export function resetPreferences({ insights, tracking }: Preferences): Preferences {
  return { ...noPreferences, insights, tracking };
}
