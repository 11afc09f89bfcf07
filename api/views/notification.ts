import type { ChannelName } from '../../contracts/channels.js';
import { notificationWorkflowId } from '../../contracts/ids.js';
import type { NotificationInput } from '../../contracts/notification-run.js';
import type { NotificationType } from '../../contracts/notification-types.js';
import { BEST_TIME, type Trigger } from '../../contracts/trigger.js';
import type { AddressVault } from '../../models/data-keys.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import type { NotificationRow, TimelineEntry } from '../../models/notification-schema.js';
import type { Config } from '../../runtime/config.js';
import { showDelivery } from './delivery.js';
import { iso, isoOf } from './time.js';
import { showTrigger } from './trigger.js';

/** A notification in a list. */
export function showNotification(row: NotificationRow) {
  return {
    id: row.id,
    type: row.type,
    category: row.category,
    severity: row.severity,
    recipient: row.recipientId,
    status: row.status,
    priority: row.priority,
    title: row.title ?? null,
    createdAt: row.createdAt.toISOString(),
    sendAt: iso(row.sendAt),
    expiresAt: iso(row.expiresAt),
    heldUntil: iso(row.heldUntil),
    waits: waitsOf(row),
    readAt: iso(row.readAt),
    deletedAt: iso(row.deletedAt),
    workflowId: notificationWorkflowId(row.tenantId, row.id),
  };
}

/** What of it has not gone out since it was planned for later, or to be collected with others. */
function waitsOf({ plan, outcomes }: NotificationRow) {
  return Object.entries(plan.channels).flatMap(([name, decision]) => {
    const channel = name as ChannelName;
    const isOpen = outcomes[channel] === 'open' || outcomes[channel] === 'digesting';
    if (!isOpen || decision.action === 'skip' || decision.action === 'send') return [];
    const { action, until, reason } = decision;
    return [{ channel, action, until, reason }];
  });
}

/** One notification with its whole story. */
export function showNotificationInFull(
  row: NotificationRow,
  deliveries: DeliveryRow[],
  vault: AddressVault,
  config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'>,
) {
  const trigger = JSON.parse(vault.open(row.trigger)) as Trigger;
  return {
    ...showNotification(row),
    message: row.message ?? null,
    ...showTrigger(trigger),
    plan: {
      sequence: row.plan.sequence,
      decidedAt: row.plan.decidedAt.toISOString(),
      channels: row.plan.channels,
      templates: row.plan.templates ?? {},
    },
    deliveries: deliveries.map(showDelivery),
    timeline: showTimeline(row),
    temporalUrl: temporalUrl(config, notificationWorkflowId(row.tenantId, row.id)),
  };
}

/**
 * A notification between its acceptance and its first plan, in the same shape: nothing is decided, so its plan names no
 * channel yet. Its `status` is `failed` where its run was ended from outside before that.
 */
export function showAccepted(
  input: NotificationInput,
  status: 'accepted' | 'failed',
  type: NotificationType | undefined,
  config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'>,
) {
  const { trigger, tenantId, notificationId } = input;
  const createdAt = new Date(input.acceptedAtMs).toISOString();
  const workflowId = notificationWorkflowId(tenantId, notificationId);
  return {
    id: notificationId,
    type: trigger.type,
    category: trigger.category ?? type?.category ?? 'other',
    severity: trigger.severity ?? type?.severity ?? 'info',
    recipient: input.recipientId,
    status,
    priority: trigger.priority,
    title: null,
    createdAt,
    sendAt: trigger.sendAt === BEST_TIME ? null : isoOf(trigger.sendAt),
    expiresAt: isoOf(trigger.expiresAt),
    heldUntil: null,
    waits: [],
    readAt: null,
    deletedAt: null,
    workflowId,
    message: null,
    ...showTrigger(trigger),
    plan: { sequence: 0, decidedAt: null, channels: {}, templates: {} },
    deliveries: [],
    timeline: [{ at: createdAt, event: 'accepted' }],
    temporalUrl: temporalUrl(config, workflowId),
  };
}

function showTimeline(row: NotificationRow) {
  const entries = [
    { at: row.createdAt, event: 'accepted' },
    ...row.timeline,
    ...(row.readAt ? [{ at: row.readAt, event: 'read' }] : []),
  ];
  return entries
    .sort((one, other) => one.at.getTime() - other.at.getTime())
    .map(({ at, event, detail }: TimelineEntry) => ({
      at: at.toISOString(),
      event,
      ...(detail === undefined ? {} : { detail }),
    }));
}

/** Where operators watch the run; null while no Web UI is configured. */
export function temporalUrl(
  config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'>,
  workflowId: string,
): string | null {
  if (config.TEMPORAL_UI_URL === undefined) return null;
  const base = config.TEMPORAL_UI_URL.replace(/\/+$/, '');
  const namespace = encodeURIComponent(config.TEMPORAL_NAMESPACE);
  return `${base}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
}
