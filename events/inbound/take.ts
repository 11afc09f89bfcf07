import type { InboundEvent, StepOutcome } from '../../contracts/inbound-events.js';
import type { EventOutcome } from '../../models/inbound-events.js';
import { recipientIdOf } from '../../models/recipient-id.js';
import { decide, type RuleDecision } from './decide.js';
import type { InboundDependencies } from './dependencies.js';
import { perform } from './perform.js';
import type { TenantRules } from './rules-of.js';
import type { ReadyStep } from './steps.js';

/** How far an event may be ahead of our clock: clocks differ. */
const FUTURE_MS = 5 * 60_000;
/** People and addresses that are noted with an event. */
const MAX_RECIPIENTS = 20;

/** True for an event that says that it has not happened yet. */
export function isFromTheFuture({ at }: Pick<InboundEvent, 'at'>, nowMs: number): boolean {
  return at.getTime() > nowMs + FUTURE_MS;
}

/**
 * Does what a tenant's rules say to an event. Doing it again does nothing more, so whoever was cut short begins anew.
 * @throws whatever says that Temporal or MongoDB is away.
 */
export async function takeEvent(
  deps: InboundDependencies,
  rules: TenantRules,
  event: InboundEvent,
  onProgress?: () => Promise<void>,
): Promise<EventOutcome> {
  if (isFromTheFuture(event, Date.now()))
    return { status: 'refused', reason: 'from_the_future', steps: [], recipients: [] };
  const decisions = decide(rules, event, deps.ownChannels);
  const steps: StepOutcome[] = [];
  const recipients = new Set<string>();
  const doing = {
    tenantId: event.tenantId,
    actor: `event:${event.id}`,
    ...(onProgress ? { onProgress } : {}),
  };
  for (const { rule, step } of stepsIn(decisions)) {
    if ('ready' in step) {
      const done = await perform(deps, step.ready, doing);
      steps.push({ rule: rule.id, do: step.do, ...done });
      const recipient = await recipientOf(deps, event.tenantId, step.ready);
      if (recipient !== undefined && recipients.size < MAX_RECIPIENTS) recipients.add(recipient);
    } else {
      const [first] = step.errors;
      const detail = first ? `${first.path}: ${first.message}` : 'it cannot be made';
      const error = { code: 'unprocessable' as const, detail, errors: step.errors };
      steps.push({ rule: rule.id, do: step.do, status: 'refused', error });
    }
  }
  return { status: statusOf(decisions, steps), steps, recipients: [...recipients] };
}

function stepsIn(decisions: readonly RuleDecision[]) {
  return decisions.flatMap(({ rule, steps }) => steps.map((step) => ({ rule, step })));
}

function statusOf(decisions: readonly RuleDecision[], steps: readonly StepOutcome[]): EventOutcome['status'] {
  if (decisions.every(({ because }) => because !== undefined)) return 'unmatched';
  const refused = steps.filter(({ status }) => status === 'refused').length;
  if (refused === 0) return 'accepted';
  return refused === steps.length ? 'refused' : 'partial';
}

async function recipientOf(
  { models }: InboundDependencies,
  tenantId: string,
  step: ReadyStep,
): Promise<string | undefined> {
  if (step.do === 'withdrawRelated') return step.recipient;
  if (step.do !== 'trigger' || !('recipient' in step.trigger.to)) return undefined;
  return recipientIdOf(await models.dataKeys.vault(tenantId), step.trigger.to.recipient);
}
