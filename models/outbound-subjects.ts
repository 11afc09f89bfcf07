import type { Connection } from 'mongoose';
import type { Deliveries } from './deliveries.js';
import type { DeliveryRow } from './delivery-schema.js';
import type { NotificationRow } from './notification-schema.js';
import type { Notifications } from './notifications.js';
import type { Marks } from './outbound-changes.js';
import type { ProviderHealthRow } from './provider-health.js';
import { idsOf } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

const deliveryFields = [
  'id',
  'notificationId',
  'recipientId',
  'type',
  'channel',
  'status',
  'provider',
  'retryCount',
  'failureReason',
  'reason',
  'providerMessageId',
  'units',
  'createdAt',
  'sentAt',
  'deliveredAt',
  'openedAt',
  'clickedAt',
  'repliedAt',
  'nextAttemptAt',
] as const satisfies readonly (keyof DeliveryRow)[];
export type DeliverySubject = Pick<DeliveryRow, '_id' | (typeof deliveryFields)[number]>;

const notificationFields = [
  'id',
  'recipientId',
  'type',
  'category',
  'severity',
  'status',
  'priority',
  'related',
  'broadcastId',
  'createdAt',
  'sendAt',
  'expiresAt',
  'heldUntil',
  'readAt',
  'plan',
] as const satisfies readonly (keyof NotificationRow)[];
export type NotificationSubject = Pick<NotificationRow, '_id' | (typeof notificationFields)[number]>;

/** A row as a scan finds it: what it is by now. */
export type ScannedRow = { _id: string } & Marks;
const scannedFields = [
  'status',
  'createdAt',
  'updatedAt',
  'sentAt',
  'deliveredAt',
  'bouncedAt',
  'openedAt',
  'clickedAt',
  'repliedAt',
  'readAt',
  'plan.sequence',
  'plan.decidedAt',
] as const;

const only = (fields: readonly string[]) => Object.fromEntries(fields.map((field) => [field, 1]));

/** What outbound events tell of, without contents and addresses: those are not even read. */
export class OutboundSubjects {
  private readonly notifications: Rows<NotificationRow>;
  private readonly deliveries: Rows<DeliveryRow>;
  private readonly providers: Rows<ProviderHealthRow>;

  constructor(connection: Connection, notifications: Notifications, deliveries: Deliveries) {
    this.notifications = rowsOf(notifications.model);
    this.deliveries = rowsOf(deliveries.model);
    this.providers = connection.collection('providerHealth') as unknown as Rows<ProviderHealthRow>;
  }

  /** By their `_id`, each of which names its tenant. What is gone is not in the answer. */
  async notificationsBy(rowIds: readonly string[]): Promise<Map<string, NotificationSubject>> {
    return byId(this.notifications, rowIds, notificationFields);
  }

  async deliveriesBy(rowIds: readonly string[]): Promise<Map<string, DeliverySubject>> {
    return byId(this.deliveries, rowIds, deliveryFields);
  }

  async providersBy(rowIds: readonly string[]): Promise<Map<string, ProviderHealthRow>> {
    return byId(this.providers, rowIds, ['provider', 'state', 'downSince', 'failureReason']);
  }

  /**
   * A tenant's rows that changed at or after `from`, in pages by ID. Reads all of the tenant's rows, on the primary index:
   * an index on the time of the last change would cost every change, for what happens once in years.
   */
  changedSince(
    collection: 'notifications' | 'deliveries',
    tenantId: string,
    from: Date,
    afterRowId: string | undefined,
    limit: number,
  ): Promise<ScannedRow[]> {
    const { $gt, $lt } = idsOf(tenantId);
    const rows = this[collection] as unknown as Rows<{ _id: string; updatedAt: Date }>;
    return rows
      .find(
        { _id: { $gt: afterRowId ?? $gt, $lt }, updatedAt: { $gte: from } },
        { projection: only(scannedFields) },
      )
      .hint('_id_')
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  }
}

async function byId<Row extends { _id: string }, Field extends string>(
  rows: Rows<Row>,
  rowIds: readonly string[],
  fields: readonly Field[],
): Promise<Map<string, Row>> {
  if (rowIds.length === 0) return new Map();
  const found = await (rows as unknown as Rows<{ _id: string }>)
    .find({ _id: { $in: [...new Set(rowIds)] } }, { projection: only(fields) })
    .toArray();
  return new Map((found as Row[]).map((row) => [row._id, row]));
}
