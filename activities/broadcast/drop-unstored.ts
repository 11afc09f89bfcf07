import type { Lane } from '../../contracts/broadcast-run.js';
import type { ActivityDependencies } from '../dependencies.js';
import { nextIds } from './audience.js';
import { notificationIdOf, type BroadcastSubject } from './subject.js';

/**
 * Takes back what a page that was cut off had entered in the log of a lane ahead of the notifications, where no page
 * comes to store those any more. Such a page went no further than `pageSize` recipients.
 */
export async function dropUnstored(
  { models }: ActivityDependencies,
  subject: BroadcastSubject,
  { afterId, untilId }: Lane,
  pageSize: number,
): Promise<void> {
  const { tenantId, broadcastId } = subject;
  const page = await nextIds(models, subject, { afterId, untilId, limit: pageSize });
  const ids = page.ids.map((recipientId) => notificationIdOf(tenantId, broadcastId, recipientId));
  const stored = await models.notificationBulk.statuses(tenantId, ids);
  await models.deliveryBulk.remove(
    tenantId,
    ids.filter((id) => !stored.has(id)),
  );
}
