import type { ChannelName } from '../contracts/channels.js';
import { notificationType, type NotificationType } from '../contracts/notification-types.js';
import type { ChannelDecisions, PlanReason } from '../contracts/plan.js';
import type { ChosenTemplates } from '../contracts/templates.js';
import { BEST_TIME, type Trigger } from '../contracts/trigger.js';
import { decide, type Decided, type DecisionInput } from '../policy/decide.js';
import type { Limited } from '../policy/limited.js';
import { askedChannels, leftOut } from '../policy/left-out.js';
import { escalatedChannels } from './escalation.js';
import type { Types } from '../templates/type-registry.js';
import type { PlanningFacts } from './planning-facts.js';
import { sendAtOf } from './best-time.js';
import { instant } from './instant.js';
import { writtenChannels } from './templates.js';
import { reaching, type ConfiguredProviders } from './providers.js';

/** The type, or a stand-in for one that was removed after the trigger was accepted: then only `content` can be sent. */
export function typeOf(types: Types, trigger: Pick<Trigger, 'type'>): NotificationType {
  const { type: name } = trigger;
  return (
    types.find(name) ??
    notificationType.parse({ name, category: 'other', defaultChannels: [], contentRequired: true })
  );
}

/** The trigger with what its type says where it says nothing itself. */
export function withDefaults<Said extends Pick<Trigger, 'escalation'>>(
  trigger: Said,
  type: NotificationType,
): Said {
  if (trigger.escalation !== undefined || type.escalation.length === 0) return trigger;
  return { ...trigger, escalation: type.escalation };
}

/** What a decision is made of. */
export interface Deciding {
  nowMs: number;
  expedite: boolean;
  facts: PlanningFacts;
  trigger: Trigger;
  /** When the person is reached best, where the trigger asks for it and it is not now. */
  bestAtMs?: number | undefined;
  providers: ConfiguredProviders;
  /** Steps of the escalation that are due. */
  escalations: number;
  /** Channels that have ended, with what was decided for them. */
  done: ChannelName[];
  previous?: ChannelDecisions | undefined;
  /** Versions of templates that were chosen before. */
  templates?: ChosenTemplates | undefined;
  /** The topic that it goes to, if it is one. */
  topic?: string | undefined;
  /** Topics through which alone it reaches the person. */
  onlyTopics?: readonly string[] | undefined;
  /** A limit of the type that it has met. */
  limited?: Limited;
}

/** Runs the policy on facts as they are now. */
export function decideNow(subject: Deciding): Decided {
  const { facts, trigger, limited } = subject;
  const { due, later } = escalatedChannels(trigger, subject.escalations);
  return decide({
    nowMs: subject.nowMs,
    type: facts.type,
    category: trigger.category ?? undefined,
    ...personal(facts, subject.providers),
    actor: trigger.actor ?? undefined,
    requestedChannels: trigger.channels,
    escalatedChannels: due,
    laterChannels: later,
    contentChannels: contentChannels(trigger),
    writtenChannels: writtenChannels(asked(trigger, facts.type), subject),
    ...(trigger.digestKey ? { digest: { key: trigger.digestKey, window: trigger.digest } } : {}),
    ...(limited ? { limited } : {}),
    sendAtMs: sendAtOf(trigger, subject.bestAtMs),
    isBestTime: trigger.sendAt === BEST_TIME,
    expiresAtMs: instant(trigger.expiresAt),
    expedite: subject.expedite,
    onlyTopics: subject.onlyTopics,
    done: subject.done,
    previous: subject.previous,
  });
}

/** Why a notification that was collected is not to be sent on a channel any more; undefined when it is. */
export function unwantedByNow(
  channel: ChannelName,
  subject: {
    nowMs: number;
    facts: PlanningFacts;
    providers: ConfiguredProviders;
    type: NotificationType;
    category: string;
    onlyTopics: readonly string[] | undefined;
  },
): PlanReason | undefined {
  const { facts, providers, type, category, onlyTopics, nowMs } = subject;
  const input: DecisionInput = {
    ...personal(facts, providers),
    nowMs,
    type,
    category,
    onlyTopics,
    contentChannels: [channel],
    expedite: false,
    done: [],
  };
  return leftOut(channel, input, [channel]);
}

/** Channels that a trigger asks for, by itself, by what it says or by its type, now or in a later step. */
export function asked(
  trigger: Pick<Trigger, 'channels' | 'content' | 'escalation'>,
  type: NotificationType,
): readonly ChannelName[] {
  return askedChannels({
    requestedChannels: trigger.channels,
    contentChannels: contentChannels(trigger),
    type,
    escalatedChannels: escalatedChannels(trigger, Infinity).due,
  });
}

function personal(facts: PlanningFacts, providers: ConfiguredProviders) {
  const { tenant, contact, erased = false, preferences, suppressions } = facts;
  const configuredChannels = [...providers.keys()];
  return {
    tenant,
    contact,
    erased,
    preferences,
    suppressions,
    configuredChannels,
    unreachableChannels: configuredChannels.filter(
      (channel) => reaching(providers, channel, contact).length === 0,
    ),
  };
}

function contentChannels(trigger: Pick<Trigger, 'content'>): ChannelName[] | undefined {
  const { content } = trigger;
  if (!content) return undefined;
  return (Object.keys(content) as ChannelName[]).filter((channel) => content[channel] !== undefined);
}
