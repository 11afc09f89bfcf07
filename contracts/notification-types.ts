import { z } from 'zod';
import { cadence } from './cadences.js';
import { channelName, channelNames, isOwnChannel, type ChannelName } from './channels.js';
import { DIGEST_TYPE } from './digests.js';
import { dataSchema } from './data-schema.js';
import { escalation } from './escalation.js';
import { lineOfText, locale, typeName } from './primitives.js';
import { duplicatesWithin, throttle } from './throttles.js';

export const severities = ['info', 'success', 'warning', 'error'] as const;
export type Severity = (typeof severities)[number];

const channels = z.array(channelName).max(20);

/** The dotted name of a variable in `data`: `contract.title`. */
const variableName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/, 'is not the dotted name of a variable');

const settings = {
  /** What people call it where they choose: language tag → text. */
  label: z.record(locale, lineOfText(100)),
  /** e.g. `contracts`: what people switch on and off together. */
  category: typeName,
  severity: z.enum(severities),
  /** A name from the icon set that the inbox draws, e.g. `check-circle`. */
  icon: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, 'is not the name of an icon such as check-circle'),
  color: z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #2563eb'),
  /** Channels asked for when the trigger names none. */
  defaultChannels: channels,
  /** Channels that it may go out on at all. */
  supportedChannels: channels.min(1),
  /** False: nobody gets it who has not turned it on. */
  enabledByDefault: z.boolean(),
  /** How often people get it who have not said: at once, or collected. */
  cadence,
  /** True where preferences, quiet hours, throttles and digests are passed. */
  critical: z.boolean(),
  /** Channels that people cannot turn off for it. */
  lockedChannels: channels,
  /** True where the caller must bring `content`. */
  contentRequired: z.boolean(),
  /** For triggers that name none. */
  escalation,
  /** JSON Schema (2020-12) of `data`; `null`: any. */
  variables: dataSchema.nullable(),
  /** Variables that never reach webhooks, Slack, Teams, outbound events or the `data` of an item in the inbox. */
  sensitive: z.array(variableName).max(100),
  throttles: z.array(throttle).max(4),
  duplicatesWithin: duplicatesWithin.nullable(),
};

/** A type as it is in force: what the engine knows of it before anything is rendered. */
export const notificationType = z.strictObject({
  /** e.g. `approval_request` */
  name: typeName,
  ...settings,
  label: settings.label.default({}),
  severity: settings.severity.default('info'),
  icon: settings.icon.default('bell'),
  color: settings.color.default('#5b6472'),
  defaultChannels: settings.defaultChannels.default(['in_app', 'email']),
  supportedChannels: settings.supportedChannels.default([...channelNames]),
  enabledByDefault: settings.enabledByDefault.default(true),
  cadence: settings.cadence.default('immediate'),
  critical: settings.critical.default(false),
  lockedChannels: settings.lockedChannels.default([]),
  contentRequired: settings.contentRequired.default(false),
  escalation: settings.escalation.default([]),
  variables: settings.variables.default(null),
  sensitive: settings.sensitive.default([]),
  throttles: settings.throttles.default([]),
  duplicatesWithin: settings.duplicatesWithin.default(null),
});
export type NotificationType = z.infer<typeof notificationType>;

/**
 * Whether a type may go out on a channel. A channel of the deployment's own need not be named where the type is kept from
 * none that Carillon brings; nor for digests, as what they collect for it was to go out there.
 */
export function supports(
  { name, supportedChannels }: Pick<NotificationType, 'name' | 'supportedChannels'>,
  channel: ChannelName,
): boolean {
  if (supportedChannels.includes(channel)) return true;
  const isOpen = name === DIGEST_TYPE || channelNames.every((one) => supportedChannels.includes(one));
  return isOpen && isOwnChannel(channel);
}

/** A type as it is declared: what is left out has the usual value. */
export type NotificationTypeDeclaration = z.input<typeof notificationType>;

/** `PUT /v1/types/{name}` of a tenant's own type. */
export const ownType = notificationType.omit({ name: true });
export type OwnType = z.infer<typeof ownType>;

/** What `PUT /v1/types/{name}` takes at all: which of it must be there is up to whose type it is. */
export const typeSettings = z.strictObject(settings).partial();
export type TypeSettings = z.infer<typeof typeSettings>;

/** What a tenant changes of a type that it did not make: the rest stays as it is, in later versions too. */
export const typeOverride = typeSettings.omit({ contentRequired: true });
export type TypeOverride = z.infer<typeof typeOverride>;

/** Who made a type: Carillon, the deployment for all its tenants, or the tenant. */
export const typeOrigins = ['built_in', 'deployment', 'tenant'] as const;

/** Where a type comes from, and which of its settings the deployment or the tenant changed since. */
export interface TypeSource {
  origin: (typeof typeOrigins)[number];
  changed: string[];
}

/** What a tenant stored of a type: a whole one of its own, or its changes of a built-in one. */
export interface StoredType {
  name: string;
  /** True for what the deployment stored for all tenants. */
  forAll: boolean;
  own: OwnType | undefined;
  override: TypeOverride | undefined;
}
