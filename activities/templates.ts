import type { ChannelName } from '../contracts/channels.js';
import { stepsOf } from '../contracts/escalation.js';
import type { ChannelDecisions } from '../contracts/plan.js';
import type { ChosenTemplates } from '../contracts/templates.js';
import type { Trigger } from '../contracts/trigger.js';
import { hasBuiltInText, hasBuiltInTexts } from '../templates/render.js';
import type { LoadedTemplate } from '../templates/template-cache.js';
import type { ActivityDependencies } from './dependencies.js';
import type { PlanningFacts } from './planning-facts.js';

/** What decides which template writes a notification. */
export interface Written {
  facts: Pick<PlanningFacts, 'tenant' | 'contact' | 'type' | 'templates'>;
  trigger: Pick<Trigger, 'content' | 'escalation'>;
  /** The topic that it goes to, if it is one. */
  topic?: string | undefined;
  /** Versions that were chosen before. */
  templates?: ChosenTemplates | undefined;
}

/**
 * The version that writes a channel, as they are published at this moment: of the type's text, or of the layout around
 * a mail that Carillon lays out. Undefined where it is a built-in text, or the caller's, in Carillon's own layout.
 */
export function chooseTemplate(channel: ChannelName, written: Written): string | undefined {
  const { facts, trigger } = written;
  const content = trigger.content?.[channel];
  const found = content === undefined ? ofType(channel, written) : undefined;
  if (found || channel !== 'email') return found?.id;
  const isLaidOut = content === undefined || !('html' in content) || content.html === undefined;
  return isLaidOut ? facts.templates.defaultLayout(readerOf(facts))?.id : undefined;
}

/**
 * The versions that a plan's channels are written with. What was planned before keeps what it was planned with, a
 * built-in text too: whatever is published meanwhile, a notification says the same in all its attempts.
 */
export function chooseTemplates(
  planned: ChannelDecisions,
  written: Written,
  before?: ChannelDecisions,
): ChosenTemplates {
  const { trigger, templates = {} } = written;
  const later: readonly ChannelName[] = stepsOf(trigger.escalation).map(({ channel }) => channel);
  const chosen: ChosenTemplates = {};
  for (const [name, decision] of Object.entries(planned)) {
    const channel = name as ChannelName;
    if (decision.action === 'skip' && !later.includes(channel)) continue;
    const earlier = before?.[channel];
    const wasPlanned = earlier !== undefined && earlier.action !== 'skip';
    const id = templates[channel] ?? (wasPlanned ? undefined : chooseTemplate(channel, written));
    if (id !== undefined) chosen[channel] = id;
  }
  return chosen;
}

/** Of these channels, those for which the type has a text by itself. */
export function writtenChannels(channels: readonly ChannelName[], written: Written): readonly ChannelName[] {
  if (hasBuiltInTexts(written.facts.type)) return channels;
  return channels.filter(
    (channel) => written.templates?.[channel] !== undefined || ofType(channel, written) !== undefined,
  );
}

/** The version that a channel was planned with, ready to be filled. */
export async function loadTemplate(
  deps: Pick<ActivityDependencies, 'templates'>,
  tenantId: string,
  id: string | undefined,
): Promise<LoadedTemplate | undefined> {
  return id === undefined ? undefined : deps.templates.get(tenantId, id);
}

function ofType(channel: ChannelName, { facts, topic }: Written) {
  const { type } = facts;
  return facts.templates.find({ type: type.name, channel, topic, ...readerOf(facts) }, (locale) =>
    hasBuiltInText(type, locale),
  );
}

function readerOf({ tenant, contact }: Written['facts']) {
  return { locale: contact?.locale ?? tenant.locale, tenantLocale: tenant.locale };
}
