import type { ChannelName } from '../contracts/channels.js';
import { canDigest, type Cadence } from '../contracts/cadences.js';
import { DIGEST_TYPE, digestTimes, type CollectingCadence, type DigestWindow } from '../contracts/digests.js';
import type { Contact } from '../contracts/contact.js';
import type { NotificationType } from '../contracts/notification-types.js';
import type { ChannelDecision } from '../contracts/plan.js';
import type { Preferences } from '../contracts/preferences.js';
import type { Tenant } from '../contracts/tenants.js';
import type { DecisionInput } from './decision-input.js';
import { digestEnd, usualDigestTime, type DigestTime } from './digest-window.js';
import { zoneClock } from './zone-clock.js';

/** A trigger's own digest. */
export interface AskedDigest {
  key: string;
  window?: DigestWindow | undefined;
}

type Collected = Extract<ChannelDecision, { action: 'digest' }>;

/**
 * The digest that a channel's share goes into; undefined when it goes out by itself. The trigger's `digestKey` comes
 * before the person's cadence, which comes before the type's. Critical types, digests themselves, channels that
 * cannot digest and bare addresses are never collected, and `expedite` passes it.
 */
export function digestOf(
  channel: ChannelName,
  input: Pick<
    DecisionInput,
    | 'nowMs'
    | 'type'
    | 'contact'
    | 'preferences'
    | 'tenant'
    | 'digest'
    | 'limited'
    | 'expedite'
    | 'expiresAtMs'
  >,
): Collected | undefined {
  const { type, nowMs, digest, contact, expiresAtMs = Infinity } = input;
  if (type.critical || type.name === DIGEST_TYPE || input.expedite) return undefined;
  if (!canDigest(channel) || contact?.hasInbox === false) return undefined;
  if (digest) {
    const untilMs = nowMs + digestTimes(digest.window).periodMs;
    return collected(untilMs, 'digest_key', digest.key);
  }
  const cadence = cadenceOf(channel, type, input.preferences);
  if (cadence === 'immediate') return excessOf(input);
  const untilMs = digestEnd(cadence, nowMs, digestTimeOf(input));
  // It would be over before anybody read of it.
  if (untilMs >= expiresAtMs) return undefined;
  return collected(untilMs, 'cadence', cadence);
}

/** What a throttle collects instead of dropping it: until its period ends. */
function excessOf({ limited, type }: Pick<DecisionInput, 'limited' | 'type'>): Collected | undefined {
  if (limited?.reason !== 'throttled' || limited.excess !== 'digest') return undefined;
  return collected(limited.untilMs, 'throttled', `throttled ${type.name}`);
}

/** How often a person gets a type on a channel, and by which rule. */
export interface CadenceAnswer {
  cadence: Cadence;
  source: 'type' | 'channel' | 'type_default';
}

/** By the person's choice for the type, there or on all channels, else for the channel; else as the type has it. */
export function cadenceRule(
  channel: ChannelName,
  type: Pick<NotificationType, 'name' | 'cadence'>,
  preferences: Pick<Preferences, 'types' | 'cadences'>,
): CadenceAnswer {
  const chosen = preferences.types[type.name]?.cadence;
  const ofType = typeof chosen === 'object' ? chosen[channel] : chosen;
  if (ofType !== undefined) return { cadence: ofType, source: 'type' };
  const ofChannel = preferences.cadences[channel];
  if (ofChannel !== undefined) return { cadence: ofChannel, source: 'channel' };
  return { cadence: type.cadence, source: 'type_default' };
}

/** How often a person gets a type on a channel. */
export function cadenceOf(...asked: Parameters<typeof cadenceRule>): Cadence {
  return cadenceRule(...asked).cadence;
}

/** When this person gets what was collected: in their zone, else the tenant's. */
export function digestTimeOf({
  contact,
  preferences,
  tenant,
}: {
  contact?: Pick<Contact, 'timezone'> | undefined;
  preferences: Pick<Preferences, 'digestAt' | 'digestOn'>;
  tenant: Pick<Tenant, 'timezone'>;
}): DigestTime {
  const zones = [contact?.timezone, tenant.timezone];
  return {
    at: preferences.digestAt ?? usualDigestTime.at,
    day: preferences.digestOn ?? usualDigestTime.day,
    zone: zones.find((zone) => zone !== undefined && zoneClock(zone) !== undefined) ?? 'UTC',
  };
}

/** The key of a digest that collects by cadence, as a cadence; undefined for a trigger's own. */
export function cadenceOfKey(digestKey: string): CollectingCadence | undefined {
  const keys: readonly CollectingCadence[] = ['hourly', 'daily', 'weekly'];
  return keys.find((key) => key === digestKey);
}

function collected(untilMs: number, reason: Collected['reason'], digestKey: string): Collected {
  return { action: 'digest', until: new Date(untilMs).toISOString(), reason, digestKey };
}
