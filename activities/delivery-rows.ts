import type { ChannelName } from '../contracts/channels.js';
import { deliveryId } from '../contracts/ids.js';
import type { ChannelOutcome } from '../contracts/outcomes.js';
import { BROADCAST_PRIORITY, priorityKey } from '../contracts/priorities.js';
import type { DeliveryStatus } from '../contracts/statuses.js';
import { MAX_ROLES, type DeliveryRow } from '../models/delivery-schema.js';
import type { NotificationRow } from '../models/notification-schema.js';
import { rowId } from '../models/row-id.js';
import { maskTarget } from '../models/mask-target.js';
import type { PlanningFacts } from './planning-facts.js';
import { reaching, type ConfiguredProviders } from './providers.js';

const DAY_MS = 86_400_000;

const statusOfOutcome: Readonly<Record<ChannelOutcome, DeliveryStatus>> = {
  open: 'pending',
  digesting: 'skipped',
  sent: 'sent',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
  expired: 'expired',
  acknowledged: 'cancelled',
};

/**
 * The log's rows that a stored plan implies: one for each channel that was asked for, whether it is sent, held or left
 * out. In-app is delivered by the plan itself, so its row is born `sent`.
 */
export function deliveryRows(
  row: NotificationRow,
  facts: PlanningFacts,
  providers: ConfiguredProviders,
): DeliveryRow[] {
  const roles = [...(facts.contact?.roles ?? [])].sort().slice(0, MAX_ROLES);
  return (Object.keys(row.outcomes) as ChannelName[]).map((channel) => {
    const [first] = reaching(providers, channel, facts.contact);
    const target = first?.target;
    const outcome = row.outcomes[channel] ?? 'open';
    const decision = row.plan.channels[channel];
    const at = row.plan.decidedAt;
    const template = row.plan.templates?.[channel];
    const stored = channel === 'in_app' && (outcome === 'sent' || outcome === 'failed');
    return {
      _id: rowId(row.tenantId, deliveryId(row.id, channel)),
      tenantId: row.tenantId,
      id: deliveryId(row.id, channel),
      notificationId: row.id,
      recipientId: row.recipientId,
      type: row.type,
      ...(template === undefined ? {} : { template }),
      ...(roles.length > 0 ? { roles } : {}),
      channel,
      targetHash: target === undefined ? '' : facts.vault.hash(target),
      target: target === undefined ? '' : maskTarget(channel, target),
      status: statusOfOutcome[outcome],
      provider: first?.provider.name ?? 'none',
      retryCount: 0,
      ...(decision?.action === 'skip' ? { reason: decision.reason } : {}),
      ...(outcome === 'digesting' ? { reason: 'digest' } : {}),
      ...(outcome === 'failed' && stored ? { failureReason: 'content_error' as const } : {}),
      attempts: stored
        ? [{ at, durationMs: 0, provider: 'inbox', kind: 'first' as const, outcome, ...failureOf(outcome) }]
        : [],
      ...(stored && outcome === 'sent' ? { sentAt: at } : {}),
      priorityKey: row.broadcastId === undefined ? priorityKey[row.priority] : BROADCAST_PRIORITY,
      createdAt: row.createdAt,
      // A broadcast comes to each of its people in turn; what waited is planned anew when its wait is over.
      ...(row.broadcastId !== undefined || row.plan.sequence > 1 ? { dueAt: at } : {}),
      updatedAt: at,
      // Retention counts from when it is due: what waits is not purged.
      purgeAt: new Date(
        Math.max(at.getTime(), row.heldUntil?.getTime() ?? 0) + facts.tenant.retention.deliveryDays * DAY_MS,
      ),
    };
  });
}

function failureOf(outcome: 'sent' | 'failed') {
  return outcome === 'failed' ? { failureReason: 'content_error' as const } : {};
}
