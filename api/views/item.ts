import type { Trigger } from '../../contracts/trigger.js';
import type { AddressVault } from '../../models/data-keys.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { iso } from './time.js';
import { showTrigger } from './trigger.js';

/** An item of a person's inbox. Text is text: whoever shows it escapes it. */
export function showItem(row: NotificationRow, vault: AddressVault) {
  const trigger = JSON.parse(vault.open(row.trigger)) as Trigger;
  return {
    id: row.id,
    type: row.type,
    category: row.category,
    severity: row.severity,
    title: row.title ?? '',
    message: row.message ?? '',
    icon: row.icon,
    color: row.color,
    ...showTrigger(trigger),
    createdAt: (row.inboxAt ?? row.createdAt).toISOString(),
    seenAt: iso(row.seenAt),
    readAt: iso(row.readAt),
    archivedAt: iso(row.archivedAt),
    snoozedUntil: iso(row.snoozedUntil),
  };
}
