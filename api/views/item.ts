import type { Trigger } from '../../contracts/trigger.js';
import type { AddressVault } from '../../models/data-keys.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { withoutSensitive } from '../../templates/sensitive.js';
import type { Types } from '../../templates/type-registry.js';
import type { ApiDependencies } from '../dependencies.js';
import { iso } from './time.js';
import { showTrigger } from './trigger.js';

/** What a tenant's items are shown with. */
export interface ItemContext {
  vault: AddressVault;
  /** Whose sensitive variables are left out. */
  types: Pick<Types, 'find'>;
}

/** What a tenant's items are shown with, as it is now. */
export async function itemContext(
  deps: Pick<ApiDependencies, 'models' | 'types'>,
  tenantId: string,
): Promise<ItemContext> {
  const [vault, types] = await Promise.all([deps.models.dataKeys.vault(tenantId), deps.types.of(tenantId)]);
  return { vault, types };
}

/** An item of a person's inbox. Text is text: whoever shows it escapes it. */
export function showItem(row: NotificationRow, { vault, types }: ItemContext) {
  const trigger = JSON.parse(vault.open(row.trigger)) as Trigger;
  const shown = showTrigger(trigger);
  const type = types.find(row.type);
  return {
    id: row.id,
    type: row.type,
    category: row.category,
    severity: row.severity,
    critical: type?.critical === true || row.priority === 'critical',
    title: row.title ?? '',
    message: row.message ?? '',
    icon: row.icon,
    color: row.color,
    ...shown,
    data: withoutSensitive(shown.data, type?.sensitive ?? []),
    threadKey: row.threadKey ?? shown.threadKey,
    createdAt: (row.inboxAt ?? row.createdAt).toISOString(),
    seenAt: iso(row.seenAt),
    readAt: iso(row.readAt),
    archivedAt: iso(row.archivedAt),
    snoozedUntil: iso(row.snoozedUntil),
  };
}
