import type { ChannelName } from '../contracts/channels.js';
import type { NotificationInput, PlanRequest } from '../contracts/notification-run.js';
import type { ChannelOutcome, ChannelOutcomes } from '../contracts/outcomes.js';
import type { ChannelDecisions } from '../contracts/plan.js';
import type { NotificationStatus } from '../contracts/statuses.js';
import type { ChosenTemplates } from '../contracts/templates.js';
import type { Trigger } from '../contracts/trigger.js';
import type { NotificationRow } from '../models/notification-schema.js';
import { rowId } from '../models/row-id.js';
import type { Decided } from '../policy/decide.js';
import type { ActivityDependencies } from './dependencies.js';
import { sendAtOf } from './best-time.js';
import { instant } from './instant.js';
import { inAppItem, type InAppItem } from './in-app-item.js';
import { withLaterSteps } from './escalation.js';
import type { PlanningFacts } from './planning-facts.js';
import { loadTemplate } from './templates.js';
import { sealTrigger, withoutContents } from './stored-trigger.js';

const DAY_MS = 86_400_000;

/** What this plan puts into the inbox; undefined where it delivers nothing there. */
export async function newInAppItem(
  deps: Pick<ActivityDependencies, 'templates'>,
  decided: Decided,
  done: ChannelName[],
  subject: { input: NotificationInput; trigger: Trigger; facts: PlanningFacts; templates: ChosenTemplates },
): Promise<InAppItem | undefined> {
  if (decided.channels.in_app?.action !== 'send' || done.includes('in_app')) return undefined;
  const template = await loadTemplate(deps, subject.input.tenantId, subject.templates.in_app);
  return inAppItem({ ...subject, template });
}

/** How each channel stands once this plan is stored: in-app is delivered by that write. */
export function outcomesOf(
  decisions: ChannelDecisions,
  earlier: ChannelOutcomes,
  item: InAppItem | undefined,
): ChannelOutcomes {
  const outcomes: ChannelOutcomes = {};
  for (const [name, decision] of Object.entries(decisions)) {
    const channel = name as ChannelName;
    const past = earlier[channel];
    if (past !== undefined && past !== 'open' && past !== 'skipped') outcomes[channel] = past;
    else if (decision.action === 'skip') {
      const outcome = endedBySkip(decision.reason, past !== undefined);
      if (outcome) outcomes[channel] = outcome;
    } else if (decision.action === 'digest') {
      outcomes[channel] = 'digesting';
    } else if (channel === 'in_app' && decision.action === 'send') {
      outcomes[channel] = item?.failed ? 'failed' : 'sent';
    } else outcomes[channel] = 'open';
  }
  return outcomes;
}

/** A channel that nobody ever asked for has no outcome; the others ended as their reason says. */
function endedBySkip(reason: string, wasAsked: boolean): ChannelOutcome | undefined {
  if (reason === 'not_requested' && !wasAsked) return undefined;
  if (reason === 'expired') return 'expired';
  if (reason === 'cancelled') return 'cancelled';
  return 'skipped';
}

/** The row that a plan is stored as. */
export function planRow(
  request: Pick<PlanRequest, 'input' | 'sequence' | 'nowMs' | 'cancelled' | 'note'>,
  made: {
    trigger: Trigger;
    bestAtMs: number | undefined;
    facts: PlanningFacts;
    decided: Decided;
    outcomes: ChannelOutcomes;
    status: NotificationStatus;
    escalation: NotificationRow['escalation'];
    item?: InAppItem;
    templates: ChosenTemplates;
  },
): NotificationRow {
  const { input, sequence } = request;
  const { trigger, facts, decided, status, escalation, item, templates } = made;
  const { type } = facts;
  const now = new Date(request.nowMs);
  const createdAt = new Date(input.acceptedAtMs);
  const expiresAtMs = instant(trigger.expiresAt);
  const sendAtMs = sendAtOf(trigger, made.bestAtMs);
  return {
    _id: rowId(input.tenantId, input.notificationId),
    tenantId: input.tenantId,
    id: input.notificationId,
    recipientId: input.recipientId,
    type: trigger.type,
    category: trigger.category ?? type.category,
    severity: trigger.severity ?? type.severity,
    icon: type.icon,
    color: type.color,
    priority: trigger.priority,
    status,
    ...(status === 'held' || status === 'sending' || escalation?.nextAt ? { waiting: true as const } : {}),
    ...(escalation ? { escalation } : {}),
    createdAt,
    updatedAt: now,
    ...(sendAtMs === undefined ? {} : { sendAt: new Date(sendAtMs) }),
    ...(expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs) }),
    ...(decided.holdUntilMs === undefined ? {} : { heldUntil: new Date(decided.holdUntilMs) }),
    ...(trigger.idempotencyKey === undefined ? {} : { idempotencyKey: trigger.idempotencyKey }),
    requestHash: input.requestHash,
    ...(input.broadcastId === undefined ? {} : { broadcastId: input.broadcastId }),
    ...(input.onlyTopics === undefined ? {} : { onlyTopics: input.onlyTopics }),
    trigger: sealTrigger(facts.vault, facts.erased ? withoutContents(trigger, input.recipientId) : trigger),
    ...(trigger.related ? { related: `${trigger.related.type}:${trigger.related.id}` } : {}),
    ...(trigger.threadKey ? { threadKey: trigger.threadKey } : {}),
    plan: {
      sequence,
      decidedAt: now,
      channels: withLaterSteps(decided.channels, trigger, escalation),
      ...(Object.keys(templates).length > 0 ? { templates } : {}),
    },
    outcomes: made.outcomes,
    timeline: [{ at: now, event: eventOf(status, sequence), ...detailOf(request, decided) }],
    ...(item && !item.failed
      ? {
          title: item.title,
          message: item.message,
          box: 'inbox' as const,
          unread: true as const,
          unseen: true as const,
          inboxAt: now,
        }
      : {}),
    // Retention counts from when it is due: what waits is not purged.
    purgeAt: new Date(
      Math.max(request.nowMs, decided.holdUntilMs ?? 0) + facts.tenant.retention.unreadDays * DAY_MS,
    ),
  };
}

function eventOf(status: NotificationStatus, sequence: number): string {
  const first = sequence === 1 ? 'planned' : 'planned_again';
  return status === 'sending' || status === 'sent' ? first : status;
}

function detailOf(request: Pick<PlanRequest, 'cancelled' | 'note'>, decided: Decided): { detail?: string } {
  const detail = request.cancelled ? request.note : decided.holdReason;
  return detail === undefined ? {} : { detail };
}
