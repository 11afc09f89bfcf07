import type { OutboundChange } from '../../models/outbound-changes.js';
import type { DeliverySubject, NotificationSubject } from '../../models/outbound-subjects.js';
import type { ProviderHealthRow } from '../../models/provider-health.js';

/** What an event tells, and what it is about. */
export interface Shown {
  data: Record<string, unknown>;
  subject: string;
  recipientId?: string;
  orderKey: string;
}

const iso = (date: Date | undefined) => date?.toISOString() ?? null;

/** As the API lists a notification, without its title; a plan with what was decided for each channel. */
export function showNotification(
  row: NotificationSubject | undefined,
  { type, status }: OutboundChange,
): Shown | undefined {
  if (!row) return undefined;
  const [relatedType, ...relatedId] = row.related?.split(':') ?? [];
  return {
    subject: row.id,
    recipientId: row.recipientId,
    orderKey: row.id,
    data: {
      id: row.id,
      type: row.type,
      category: row.category,
      severity: row.severity,
      recipient: row.recipientId,
      status: status ?? row.status,
      priority: row.priority,
      related: relatedType === undefined ? null : { type: relatedType, id: relatedId.join(':') },
      broadcastId: row.broadcastId ?? null,
      createdAt: iso(row.createdAt),
      sendAt: iso(row.sendAt),
      expiresAt: iso(row.expiresAt),
      heldUntil: iso(row.heldUntil),
      readAt: iso(row.readAt),
      ...(type === 'notification.planned' ? { plan: { channels: row.plan.channels } } : {}),
    },
  };
}

/** As the API lists a delivery, without its target and what providers answered. */
export function showDelivery(
  row: DeliverySubject | undefined,
  { status }: OutboundChange,
): Shown | undefined {
  if (!row) return undefined;
  return {
    subject: row.id,
    recipientId: row.recipientId,
    orderKey: row.notificationId,
    data: {
      id: row.id,
      notificationId: row.notificationId,
      recipient: row.recipientId,
      type: row.type,
      channel: row.channel,
      status: status ?? row.status,
      provider: row.provider,
      retryCount: row.retryCount,
      failureReason: row.failureReason ?? null,
      reason: row.reason ?? null,
      providerMessageId: row.providerMessageId ?? null,
      units: row.units ?? null,
      createdAt: iso(row.createdAt),
      sentAt: iso(row.sentAt),
      deliveredAt: iso(row.deliveredAt),
      openedAt: iso(row.openedAt),
      clickedAt: iso(row.clickedAt),
      repliedAt: iso(row.repliedAt),
      nextAttemptAt: iso(row.nextAttemptAt),
    },
  };
}

/** One that works again has no row any more: its name is known all the same. */
export function showProvider(
  row: ProviderHealthRow | undefined,
  { tenantId, rowId, type }: OutboundChange,
): Shown {
  const name = rowId.slice(tenantId.length + 1);
  const [channel = '', ...provider] = name.split('/');
  return {
    subject: name,
    orderKey: name,
    data: {
      channel,
      provider: provider.join('/'),
      state: type === 'provider.down' ? 'down' : 'up',
      downSince: iso(row?.downSince),
      failureReason: row?.failureReason ?? null,
    },
  };
}
