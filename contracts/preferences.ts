import { z } from 'zod';
import { beside } from './beside.js';
import { channelName } from './channels.js';
import { timestamp, typeName } from './primitives.js';
import { dayNames, quietHours, wallClockTime } from './quiet-hours.js';

export const cadences = ['immediate', 'hourly', 'daily', 'weekly'] as const;
export const cadence = z.enum(cadences);
export type Cadence = z.infer<typeof cadence>;

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

const cadenceChoice = z.union([cadence, z.partialRecord(channelName, cadence)]);

/** A person's choice for one type: switches by channel, and optionally a cadence for all or by channel. */
export const typePreference = beside({ cadence: cadenceChoice.optional() }, channelSwitches);
export type TypePreference = z.infer<typeof typePreference>;

/**
 * What a person wants. The most specific rule wins: type × channel, then category, then channel, then the type's
 * default, then the tenant's.
 */
export const preferences = z.strictObject({
  channels: channelSwitches.default({}),
  categories: z.record(typeName, z.union([z.boolean(), channelSwitches])).default({}),
  types: z.record(typeName, typePreference).default({}),
  quietHours: quietHours.nullable().default(null),
  /** When daily and weekly digests come, on the person's wall clock; at 09:00 where it is null. */
  digestAt: wallClockTime.nullable().default(null),
  /** The day of weekly digests; Monday where it is null. */
  digestOn: z.enum(dayNames).nullable().default(null),
  mutedUntil: timestamp.nullable().default(null),
});
export type Preferences = z.infer<typeof preferences>;

/** A change: what is left out stays; a `null` inside `channels`, `categories` or `types` removes that rule. */
export const preferencesPatch = z.strictObject({
  channels: z.partialRecord(channelName, z.boolean().nullable()).optional(),
  categories: z.record(typeName, z.union([z.boolean(), channelSwitches]).nullable()).optional(),
  types: z.record(typeName, typePreference.nullable()).optional(),
  quietHours: quietHours.nullable().optional(),
  digestAt: wallClockTime.nullable().optional(),
  digestOn: z.enum(dayNames).nullable().optional(),
  mutedUntil: timestamp.nullable().optional(),
});
export type PreferencesPatch = z.infer<typeof preferencesPatch>;

export const noPreferences: Preferences = preferences.parse({});
