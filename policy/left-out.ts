import { interrupts, type ChannelName } from '../contracts/channels.js';
import { DIGEST_TYPE } from '../contracts/digests.js';
import type { Contact } from '../contracts/contact.js';
import { supports } from '../contracts/notification-types.js';
import type { PlanReason } from '../contracts/plan.js';
import type { DecisionInput } from './decision-input.js';
import { dueAt } from './hold.js';
import { allowedByPerson, personalSources } from './preferences.js';
import { suppressionOf } from './suppressions.js';

/**
 * Channels asked for: the trigger's, else those that its content has a text for, else the type's, without those that it
 * is escalated to later; and those that it is escalated to now.
 */
export function askedChannels(
  input: Pick<
    DecisionInput,
    'requestedChannels' | 'contentChannels' | 'type' | 'escalatedChannels' | 'laterChannels'
  >,
): readonly ChannelName[] {
  const { requestedChannels, contentChannels, type, escalatedChannels = [], laterChannels = [] } = input;
  if (requestedChannels?.length) return [...requestedChannels, ...escalatedChannels];
  const byDefault = contentChannels?.length ? contentChannels : type.defaultChannels;
  return [...byDefault.filter((channel) => !laterChannels.includes(channel)), ...escalatedChannels];
}

/**
 * Why a channel is left out: the first reason in the order that `decide` documents; undefined when it is sent, now or
 * later, unless it is expired.
 */
export function leftOut(
  channel: ChannelName,
  input: DecisionInput,
  asked: readonly ChannelName[],
): PlanReason | undefined {
  const { type, tenant, contact } = input;
  if (!asked.includes(channel)) return 'not_requested';
  if (tenant.disabledTypes.includes(type.name)) return 'type_disabled';
  if (!supports(type, channel)) return 'channel_not_supported';
  if (input.erased) return 'recipient_erased';
  if (!contact) return 'recipient_unknown';
  if (suppressionOf(channel, input)) return 'suppressed_address';
  if (input.actor !== undefined && input.actor === contact.id) return 'actor_is_recipient';
  if (!input.configuredChannels.includes(channel)) return 'channel_not_configured';
  // What a digest collects was asked for piece by piece.
  const isWanted = type.critical || type.name === DIGEST_TYPE;
  return (isWanted ? undefined : unwanted(channel, input)) ?? unreachable(channel, input, contact);
}

function unwanted(channel: ChannelName, input: DecisionInput): PlanReason | undefined {
  const { category, preferences, tenant } = input;
  const type = category === undefined ? input.type : { ...input.type, category };
  const { allowed, source } = allowedByPerson(channel, type, preferences, tenant);
  if (source === 'locked') return undefined;
  const isOff = !allowed && !(source === 'default' && isNamed(channel, input));
  if (isOff) return personalSources.includes(source) ? 'turned_off_by_person' : 'turned_off_by_default';
  if (isOnlyFromMutedTopics(input)) return 'topic_muted';
  return interrupts(channel) && isMuted(input) ? 'muted' : undefined;
}

/** An escalation names its channel, and a bare address is one of its channel: what is off by default is on for them. */
function isNamed(channel: ChannelName, { escalatedChannels = [], contact }: DecisionInput): boolean {
  return escalatedChannels.includes(channel) || contact?.hasInbox === false;
}

function isOnlyFromMutedTopics({ onlyTopics = [], preferences }: DecisionInput): boolean {
  return onlyTopics.length > 0 && onlyTopics.every((topic) => preferences.mutedTopics.includes(topic));
}

/** Asked of the instant at which it is due: what is scheduled for after the mute is not lost to it. */
function isMuted(input: DecisionInput): boolean {
  const { mutedUntil } = input.preferences;
  return mutedUntil !== null && Date.parse(mutedUntil) > dueAt(input);
}

function unreachable(channel: ChannelName, input: DecisionInput, contact: Contact): PlanReason | undefined {
  if (channel === 'in_app' && !contact.hasInbox) return 'no_inbox';
  if (!hasAddress(channel, contact) || input.unreachableChannels?.includes(channel)) return 'no_address';
  return hasText(channel, input) ? undefined : 'no_content';
}

function hasText(channel: ChannelName, { type, contentChannels, writtenChannels }: DecisionInput): boolean {
  if (contentChannels?.includes(channel)) return true;
  return writtenChannels?.includes(channel) ?? !type.contentRequired;
}

function hasAddress(channel: ChannelName, contact: Contact): boolean {
  switch (channel) {
    case 'email':
      return Boolean(contact.email);
    case 'sms':
    case 'whatsapp':
      return Boolean(contact.phone);
    case 'push':
      return contact.pushTokens.length > 0;
    case 'in_app':
    case 'slack':
    case 'teams':
    case 'webhook':
    default:
      // They need no address of the person's: an inbox is no address, and the others go where the tenant's set-up points.
      return true;
  }
}
