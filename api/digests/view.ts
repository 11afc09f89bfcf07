import { z } from 'zod';
import { digestWorkflowId } from '../../contracts/ids.js';
import type { DigestItemRow } from '../../models/digest-items.js';
import type { DigestRow } from '../../models/digests.js';
import type { ApiDependencies } from '../dependencies.js';
import { temporalUrl } from '../views/notification.js';

/** Items shown of each digest, the newest ones; `itemCount` has all. */
const SHOWN_ITEMS = 100;

export const digestView = z.object({
  id: z.string(),
  recipient: z.string(),
  digestKey: z.string(),
  status: z.enum(['collecting', 'closing', 'sent', 'empty', 'cancelled']),
  itemCount: z.number().int(),
  openedAt: z.iso.datetime(),
  closesAt: z.iso.datetime(),
  items: z.array(
    z.object({
      /** The notification's. */
      id: z.string(),
      type: z.string(),
      title: z.string(),
      channels: z.array(z.string()),
      addedAt: z.iso.datetime(),
    }),
  ),
  /** The notification that it went out in; null before that. */
  notificationId: z.string().nullable(),
  workflowId: z.string(),
  temporalUrl: z.string().nullable(),
});

/** A digest as the API shows it, with what it holds, or held when it closed. */
export async function showDigest(
  deps: Pick<ApiDependencies, 'models' | 'config'>,
  row: DigestRow,
): Promise<z.output<typeof digestView>> {
  const { digestItems } = deps.models;
  const isOpen = row.state === 'open';
  const [items, itemCount] = await Promise.all([
    isOpen ? digestItems.waiting(row, SHOWN_ITEMS) : digestItems.taken(row.tenantId, row.id, SHOWN_ITEMS),
    isOpen ? digestItems.countWaiting(row) : digestItems.countTaken(row.tenantId, row.id),
  ]);
  const workflowId = digestWorkflowId(row);
  return {
    id: row.id,
    recipient: row.recipientId,
    digestKey: row.digestKey,
    status: row.state === 'open' ? 'collecting' : row.state,
    itemCount,
    openedAt: row.openedAt.toISOString(),
    closesAt: row.closesAt.toISOString(),
    items: items.map(showItem),
    notificationId: row.notificationId ?? null,
    workflowId,
    temporalUrl: temporalUrl(deps.config, workflowId),
  };
}

function showItem({ notificationId, type, title, channels, addedAt }: DigestItemRow) {
  return { id: notificationId, type, title, channels, addedAt: addedAt.toISOString() };
}
