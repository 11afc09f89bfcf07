import { isDeepStrictEqual } from 'node:util';
import type { ChannelName } from '../contracts/channels.js';
import type { NotificationInput, PlanOutcome, PlanRequest } from '../contracts/notification-run.js';
import type { NotificationType } from '../contracts/notification-types.js';
import { statusOf, type ChannelOutcomes } from '../contracts/outcomes.js';
import type { ChannelDecisions } from '../contracts/plan.js';
import type { NotificationStatus } from '../contracts/statuses.js';
import { BEST_TIME, type Amendment, type Trigger } from '../contracts/trigger.js';
import type { NotificationRow } from '../models/notification-schema.js';
import { rowId } from '../models/row-id.js';
import type { Decided } from '../policy/decide.js';
import { bestAt, habitsFor } from './best-time.js';
import { withDefaults } from './deciding.js';
import { decideWithinLimits } from './throttling.js';
import { collect } from './digest/collect.js';
import { countEnded } from './count-deliveries.js';
import { deliveryId } from '../contracts/ids.js';
import { deliveryRows } from './delivery-rows.js';
import type { ActivityDependencies } from './dependencies.js';
import { isFetched } from './attachments.js';
import { escalationOf } from './escalation.js';
import { holdLabel } from './hold-label.js';
import { newInAppItem, outcomesOf, planRow } from './plan-row.js';
import { readFacts, type PlanningFacts } from './planning-facts.js';
import type { PreparedCache } from './prepared.js';
import { plannedRetry } from './planned-retry.js';
import { reaching, type ConfiguredProviders } from './providers.js';
import { amend, openTrigger } from './stored-trigger.js';
import { chooseTemplates } from './templates.js';

/**
 * Decides what happens to a notification on each channel, stores the plan, and by that write delivers in-app. Keyed by
 * `sequence`: the same again answers the stored plan, says so, and completes what a crash between two writes left out.
 * Whoever has read the facts at this very moment brings them.
 */
export function createPlan(deps: ActivityDependencies, prepared: PreparedCache) {
  return async function plan(
    asked: PlanRequest,
    known?: { facts: PlanningFacts; providers: ConfiguredProviders },
  ): Promise<PlanOutcome> {
    // Tried again for as long as MongoDB is away: what may be sent depends on when it is decided, not asked.
    const request = { ...asked, nowMs: Math.max(asked.nowMs, Date.now()) };
    const { input, sequence } = request;
    const stored =
      sequence === 1 ? undefined : await deps.models.notifications.find(input.tenantId, input.notificationId);
    if (sequence > 1 && !stored) return gone(sequence);
    if (sequence === 1) await upsertInline(deps, input);

    const vault = await deps.models.dataKeys.vault(input.tenantId);
    const before = stored ? openTrigger(vault, stored.trigger) : input.trigger;
    const amended = amend(before, request.amendment);
    const { facts, providers } = known ?? (await readFacts(deps, input, amended));
    const trigger = withDefaults(amended, facts.type);
    const { row, isNew } =
      stored && stored.plan.sequence >= sequence
        ? { row: stored, isNew: false }
        : await planAnew(request, stored, { trigger, facts, providers });
    if (!row) return gone(sequence);

    await keepAttachments(deps, input, row);
    const deliveries = deliveryRows(row, facts, providers);
    if (row.plan.sequence > 1) await deps.models.deliveries.replan(deliveries);
    else if (isNew) await deps.models.deliveries.insert(deliveries);
    else await deps.models.deliveries.insertMissing(deliveries);
    await collect(deps, row, { trigger, facts, nowMs: request.nowMs });
    if (isNew) {
      deps.metrics.count('carillon_notifications_planned_total', { status: row.status });
      countEnded(deps.metrics, deliveries);
      prepared.set(rowId(input.tenantId, input.notificationId), {
        facts,
        trigger,
        createdAt: row.createdAt,
        recipientId: input.recipientId,
        templates: row.plan.templates ?? {},
        escalations: row.escalation?.taken ?? 0,
      });
    }
    return {
      ...outcomeOf(deps, row, trigger, facts, providers),
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
    const bestAtMs = await bestAtOf(request, stored, { trigger, facts });
    const wording = {
      facts,
      trigger,
      topic: input.topic,
      templates: { ...input.templates, ...stored?.plan.templates },
    };
    const decided = request.cancelled
      ? cancelledBeforePlanning(trigger, facts.type)
      : await decideWithinLimits(deps, input, {
          ...wording,
          bestAtMs,
          onlyTopics: input.onlyTopics,
          nowMs: request.nowMs,
          expedite: request.expedite,
          providers,
          escalations: request.escalations ?? 0,
          done,
          previous: stored?.plan.channels,
        });
    const templates = chooseTemplates(decided.channels, wording, stored?.plan.channels);
    const item = await newInAppItem(deps, decided, done, { input, trigger, facts, templates });
    const outcomes = outcomesOf(decided.channels, stored?.outcomes ?? {}, item);
    const status: NotificationStatus = decided.status === 'held' ? 'held' : statusOf(outcomes);

    const { notifications } = deps.models;
    const escalation = request.cancelled
      ? undefined
      : escalationOf(trigger, {
          nowMs: request.nowMs,
          status: decided.status,
          taken: request.escalations ?? 0,
          before: stored?.escalation,
        });
    const row = planRow(request, {
      trigger,
      bestAtMs,
      facts,
      decided,
      outcomes,
      status,
      escalation,
      item,
      templates,
    });
    if (!stored) {
      const { row: written, inserted } = await notifications.insertPlanned(row);
      return { row: written, isNew: inserted };
    }
    const changes = changesOf(row, trigger);
    const written = await notifications.storePlan(input.tenantId, input.notificationId, ...changes);
    return { row: written.row, isNew: written.stored };
  }

  /** Found once: a later plan keeps the time, unless it is amended to the best one from then on. */
  async function bestAtOf(
    { input, nowMs, amendment, cancelled }: PlanRequest,
    stored: NotificationRow | undefined,
    subject: { trigger: Trigger; facts: PlanningFacts },
  ): Promise<number | undefined> {
    if (subject.trigger.sendAt !== BEST_TIME || cancelled) return undefined;
    if (stored && amendment?.sendAt !== BEST_TIME) return stored.sendAt?.getTime();
    return bestAt(deps, input, { ...subject, nowMs }, await habitsFor(deps, input, subject.trigger, nowMs));
  }
}

/** Attachments that came with the trigger go with its notification; a broadcast's are many people's. */
async function keepAttachments(
  deps: ActivityDependencies,
  { tenantId, notificationId, requestHash, trigger, broadcastId }: NotificationInput,
  row: NotificationRow,
): Promise<void> {
  if (broadcastId !== undefined || !trigger.attachments?.some(({ stored }) => stored !== undefined)) return;
  await deps.models.attachments.keepUntil(tenantId, { id: notificationId, requestHash }, row.purgeAt);
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
  // Who was erased comes back by being made again, not by what is sent to them.
  if ((await deps.models.erasures.erasedAmong(input.tenantId, [id])).size > 0) return;
  await deps.models.subscribers.upsert(input.tenantId, id, fields);
}

function endedChannels(outcomes: ChannelOutcomes): ChannelName[] {
  return (Object.keys(outcomes) as ChannelName[]).filter(
    (channel) => outcomes[channel] !== 'open' && outcomes[channel] !== 'skipped',
  );
}

function cancelledBeforePlanning(trigger: Trigger, type: NotificationType): Decided {
  const asked = trigger.channels ?? type.defaultChannels;
  const channels: ChannelDecisions = Object.fromEntries(
    asked.map((channel) => [channel, { action: 'skip', reason: 'cancelled' } as const]),
  );
  return { channels, status: 'suppressed' };
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
  if (!row.escalation) remove.push('escalation');
  if (!row.heldUntil) remove.push('heldUntil');
  if (!row.sendAt) remove.push('sendAt');
  if (!trigger.expiresAt) remove.push('expiresAt');
  const [entry] = timeline;
  return [next, remove, entry ?? { at: row.updatedAt, event: 'planned' }] as const;
}

function outcomeOf(
  deps: ActivityDependencies,
  row: NotificationRow,
  trigger: Trigger,
  facts: PlanningFacts,
  providers: ConfiguredProviders,
): Omit<PlanOutcome, 'repeated' | 'amended'> {
  const toSend = (Object.keys(row.outcomes) as ChannelName[]).filter(
    (channel) => row.outcomes[channel] === 'open' && row.plan.channels[channel]?.action === 'send',
  );
  const label = holdLabel(row, facts);
  return {
    sequence: row.plan.sequence,
    status: row.status,
    decisions: row.plan.channels,
    outcomes: row.outcomes,
    deliveries: toSend.map((channel) => ({
      deliveryId: deliveryId(row.id, channel),
      channel,
      provider: reaching(providers, channel, facts.contact)[0]?.provider.name ?? 'none',
      firstAttemptInTask:
        !deps.firstAttemptAsActivity.includes(channel) && !isFetched(channel, trigger.attachments),
      ...plannedRetry(facts.tenant, channel),
    })),
    ...(row.heldUntil ? { holdUntilMs: row.heldUntil.getTime() } : {}),
    ...(label === undefined ? {} : { holdLabel: label }),
    ...(row.escalation?.nextAt ? { escalateAtMs: row.escalation.nextAt.getTime() } : {}),
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
