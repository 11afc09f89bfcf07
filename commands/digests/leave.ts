import type { CommandDependencies } from '../dependencies.js';
import { tooLate } from '../temporal-calls.js';
import { untilCollected } from './until-collected.js';

/**
 * Takes a notification out of the digests that have not closed, or of one of them. Its own run has nothing more to do
 * with these, so nobody needs to be told.
 * @throws CarillonError `too_late` when they have taken it already; `unavailable` where they do not get it in time.
 */
export async function leaveDigest(
  deps: Pick<CommandDependencies, 'models'>,
  tenantId: string,
  notificationId: string,
  {
    as,
    by,
    reason,
    digestKey,
  }: { as: 'cancelled' | 'acknowledged'; by: string; reason?: string | undefined; digestKey?: string },
): Promise<void> {
  if (digestKey === undefined) await untilCollected(deps, tenantId, notificationId);
  const channels = await deps.models.digestItems.leave(tenantId, notificationId, digestKey);
  if (channels.length === 0) throw tooLate();
  const outcomes = Object.fromEntries(channels.map((channel) => [channel, as]));
  const detail = [by, reason].filter((part) => part !== undefined).join(': ');
  await deps.models.notifications.markEnded(tenantId, notificationId, outcomes, [
    { at: new Date(), event: as, detail },
  ]);
}
