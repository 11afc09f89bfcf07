import { withOwnChannels, type OwnChannelName } from '../../contracts/channels.js';
import type { NamedRule } from '../../contracts/event-rules.js';
import type { InboundEvent } from '../../contracts/inbound-events.js';
import { mismatch } from './match.js';
import type { TenantRules } from './rules-of.js';
import { scopeOf } from './scope.js';
import { stepsFor, type StepForEvent } from './steps.js';

/** What a rule says to an event. */
export interface RuleDecision {
  rule: NamedRule;
  /** Why it is not for this event; absent where it is. */
  because?: string;
  /** Empty where it is not for this event. */
  steps: StepForEvent[];
}

/** What a tenant's rules say to an event, each in its turn. Nothing is done. */
export function decide(
  { rules, settings }: Pick<TenantRules, 'rules' | 'settings'>,
  event: InboundEvent,
  ownChannels: readonly OwnChannelName[],
): RuleDecision[] {
  const scope = scopeOf(event);
  let stoppedBy: NamedRule | undefined;
  return rules.map((rule) => {
    const because = stoppedBy ? `the rule "${stoppedBy.name}" stops here` : whyNot(rule, event, scope);
    if (because !== undefined) return { rule, because, steps: [] };
    if (rule.stop) stoppedBy = rule;
    const steps = withOwnChannels(ownChannels, () => stepsFor(rule, event, { scope, settings }));
    return { rule, steps };
  });
}

function whyNot(
  { enabled, sources, when }: NamedRule,
  { source }: InboundEvent,
  scope: ReturnType<typeof scopeOf>,
): string | undefined {
  if (!enabled) return 'it is switched off';
  if (sources && !sources.includes(source)) return `it is for ${sources.join(', ')}`;
  return when ? mismatch(when, scope) : undefined;
}
