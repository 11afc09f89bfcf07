import { isDeepStrictEqual } from 'node:util';
import type { ChannelName } from '../contracts/channels.js';
import type { NotificationInput, PlanOutcome, PlanRequest } from '../contracts/notification-run.js';
import { statusOf, type ChannelOutcome, type ChannelOutcomes } from '../contracts/outcomes.js';
import type { ChannelDecisions } from '../contracts/plan.js';
import type { NotificationStatus } from '../contracts/statuses.js';
import type { Amendment, Trigger } from '../contracts/trigger.js';
import type { NotificationRow } from '../models/notification-schema.js';
import { rowId } from '../models/row-id.js';
import type { Decided } from '../policy/decide.js';
import { decideNow, instant, typeOf } from './deciding.js';
import { deliveryId, deliveryRows } from './delivery-rows.js';
import type { ActivityDependencies } from './dependencies.js';
import { holdLabel } from './hold-label.js';
import { inAppItem, type InAppItem } from './in-app-item.js';
import { readFacts, type PlanningFacts } from './planning-facts.js';
import type { PreparedCache } from './prepared.js';
import { configuredProviders, type ConfiguredProviders } from './providers.js';
import { amend, openTrigger, sealTrigger } from './stored-trigger.js';

const DAY_MS = 86_400_000;

/**
 * Decides what happens to a notification on each channel, stores the plan, and by that write delivers in-app. Keyed by
 * `sequence`: the same again answers the stored plan, says so, and completes what a crash between two writes left out.
 */
export function createPlan(deps: ActivityDependencies, prepared: PreparedCache) {
  return async function plan(asked: PlanRequest): Promise<PlanOutcome> {
    // Tried again for as long as MongoDB is away: what may be sent depends on when it is decided, not asked.
    const request = { ...asked, nowMs: Math.max(asked.nowMs, Date.now()) };
    const { input, sequence } = request;
    const stored =
      sequence === 1 ? undefined : await deps.models.notifications.find(input.tenantId, input.notificationId);
    if (sequence > 1 && !stored) return gone(sequence);
    if (sequence === 1) await upsertInline(deps, input);

    const vault = await deps.models.dataKeys.vault(input.tenantId);
    const before = stored ? openTrigger(vault, stored.trigger) : input.trigger;
    const trigger = amend(before, request.amendment);
    const facts = await readFacts(deps.models, input, trigger);
    const providers = await configuredProviders(deps, input.tenantId);
    const { row, isNew } =
      stored && stored.plan.sequence >= sequence
        ? { row: stored, isNew: false }
        : await planAnew(request, stored, { trigger, facts, providers });
    if (!row) return gone(sequence);

    const deliveries = deliveryRows(row, facts, providers);
    if (row.plan.sequence > 1) await deps.models.deliveries.replan(deliveries);
    else if (isNew) await deps.models.deliveries.insert(deliveries);
    else await deps.models.deliveries.insertMissing(deliveries);
    if (isNew) {
      prepared.set(rowId(input.tenantId, input.notificationId), {
        facts,
        trigger,
        createdAt: row.createdAt,
        recipientId: input.recipientId,
      });
    }
    return {
      ...outcomeOf(deps, row, facts, providers),
      repeated: !isNew,
      amended: isNew || includes(openTrigger(vault, row.trigger), request.amendment),
    };
  };

  /** Decides and stores; answers what is stored then, which is another's where the same plan was made before. */
  async function planAnew(
    request: PlanRequest,
    stored: NotificationRow | undefined,
    subject: { trigger: Trigger; facts: PlanningFacts; providers: ConfiguredProviders },
  ): Promise<{ row: NotificationRow | undefined; isNew: boolean }> {
    const { input } = request;
    const { trigger, facts, providers } = subject;
    const done = stored ? endedChannels(stored.outcomes) : [];
    const decided = request.cancelled
      ? cancelledBeforePlanning(trigger)
      : decideNow({
          nowMs: request.nowMs,
          expedite: request.expedite,
          facts,
          trigger,
          providers,
          done,
          previous: stored?.plan.channels,
        });
    const item = await newInAppItem(decided, done, { input, trigger, facts });
    const outcomes = outcomesOf(decided.channels, stored?.outcomes ?? {}, item);
    const status: NotificationStatus = decided.status === 'held' ? 'held' : statusOf(outcomes);

    const { notifications } = deps.models;
    const row = planRow(request, { trigger, facts, decided, outcomes, status, item });
    if (!stored) {
      const { row: written, inserted } = await notifications.insertPlanned(row);
      return { row: written, isNew: inserted };
    }
    const changes = changesOf(row, trigger);
    const written = await notifications.storePlan(input.tenantId, input.notificationId, ...changes);
    return { row: written.row, isNew: written.stored };
  }
}

/** True when the amendment would change nothing, as it is in the trigger already. */
function includes(trigger: Trigger, amendment: Amendment | undefined): boolean {
  return isDeepStrictEqual(amend(trigger, amendment), trigger);
}

/** A person brought with the trigger is created or updated before anything is decided about them. */
async function upsertInline(deps: ActivityDependencies, input: NotificationInput): Promise<void> {
  const { recipient } = input.trigger.to;
  if (typeof recipient === 'string' || !('id' in recipient)) return;
  const { id, ...fields } = recipient;
  await deps.models.subscribers.upsert(input.tenantId, id, fields);
}

function endedChannels(outcomes: ChannelOutcomes): ChannelName[] {
  return (Object.keys(outcomes) as ChannelName[]).filter(
    (channel) => outcomes[channel] !== 'open' && outcomes[channel] !== 'skipped',
  );
}

function cancelledBeforePlanning(trigger: Trigger): Decided {
  const asked = trigger.channels ?? typeOf(trigger).defaultChannels;
  const channels: ChannelDecisions = Object.fromEntries(
    asked.map((channel) => [channel, { action: 'skip', reason: 'cancelled' } as const]),
  );
  return { channels, status: 'suppressed' };
}

async function newInAppItem(
  decided: Decided,
  done: ChannelName[],
  subject: { input: NotificationInput; trigger: Trigger; facts: PlanningFacts },
): Promise<InAppItem | undefined> {
  if (decided.channels.in_app?.action !== 'send' || done.includes('in_app')) return undefined;
  return inAppItem(subject);
}

function outcomesOf(
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

function planRow(
  request: PlanRequest,
  made: {
    trigger: Trigger;
    facts: PlanningFacts;
    decided: Decided;
    outcomes: ChannelOutcomes;
    status: NotificationStatus;
    item?: InAppItem;
  },
): NotificationRow {
  const { input, sequence } = request;
  const { trigger, facts, decided, status, item } = made;
  const type = typeOf(trigger);
  const now = new Date(request.nowMs);
  const createdAt = new Date(input.acceptedAtMs);
  const expiresAtMs = instant(trigger.expiresAt);
  const sendAtMs = instant(trigger.sendAt);
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
    ...(status === 'held' || status === 'sending' ? { waiting: true as const } : {}),
    createdAt,
    updatedAt: now,
    ...(sendAtMs === undefined ? {} : { sendAt: new Date(sendAtMs) }),
    ...(expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs) }),
    ...(decided.holdUntilMs === undefined ? {} : { heldUntil: new Date(decided.holdUntilMs) }),
    ...(trigger.idempotencyKey === undefined ? {} : { idempotencyKey: trigger.idempotencyKey }),
    requestHash: input.requestHash,
    trigger: sealTrigger(facts.vault, trigger),
    ...(trigger.related ? { related: `${trigger.related.type}:${trigger.related.id}` } : {}),
    plan: { sequence, decidedAt: now, channels: decided.channels },
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

/** A later plan's row as arguments of `storePlan`: what changes, what goes, and the timeline's entry. */
function changesOf(row: NotificationRow, trigger: Trigger) {
  const {
    _id,
    tenantId: _tenantId,
    id: _publicId,
    recipientId: _recipientId,
    createdAt: _createdAt,
    requestHash: _requestHash,
    idempotencyKey: _idempotencyKey,
    timeline,
    ...next
  } = row;
  const remove: (keyof NotificationRow)[] = [];
  if (!row.waiting) remove.push('waiting');
  if (!row.heldUntil) remove.push('heldUntil');
  if (!trigger.sendAt) remove.push('sendAt');
  if (!trigger.expiresAt) remove.push('expiresAt');
  const [entry] = timeline;
  return [next, remove, entry ?? { at: row.updatedAt, event: 'planned' }] as const;
}

function eventOf(status: NotificationStatus, sequence: number): string {
  const first = sequence === 1 ? 'planned' : 'planned_again';
  return status === 'sending' || status === 'sent' ? first : status;
}

function detailOf(request: PlanRequest, decided: Decided): { detail?: string } {
  const detail = request.cancelled ? request.note : decided.holdReason;
  return detail === undefined ? {} : { detail };
}

function outcomeOf(
  deps: ActivityDependencies,
  row: NotificationRow,
  facts: PlanningFacts,
  providers: ConfiguredProviders,
): Omit<PlanOutcome, 'repeated' | 'amended'> {
  const toSend = (Object.keys(row.outcomes) as ChannelName[]).filter(
    (channel) => row.outcomes[channel] === 'open' && row.plan.channels[channel]?.action === 'send',
  );
  return {
    sequence: row.plan.sequence,
    status: row.status,
    decisions: row.plan.channels,
    outcomes: row.outcomes,
    deliveries: toSend.map((channel) => ({
      deliveryId: deliveryId(row.id, channel),
      channel,
      provider: providers.get(channel)?.provider ?? 'none',
      firstAttemptInTask: !deps.firstAttemptAsActivity.includes(channel),
    })),
    ...(row.heldUntil ? { holdUntilMs: row.heldUntil.getTime(), holdLabel: holdLabel(row, facts) } : {}),
    ...(row.expiresAt ? { expiresAtMs: row.expiresAt.getTime() } : {}),
  };
}

/** Its row was purged or erased while it waited: nothing is left to do. */
function gone(sequence: number): PlanOutcome {
  return {
    sequence,
    repeated: false,
    amended: false,
    status: 'cancelled',
    decisions: {},
    outcomes: {},
    deliveries: [],
  };
}
