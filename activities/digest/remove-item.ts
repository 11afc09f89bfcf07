import type { RemoveItemRequest } from '../../contracts/digests.js';
import type { ActivityDependencies } from '../dependencies.js';

/** Takes one notification out of a digest that has not closed: it is cancelled on the channels that were collected. */
export function createRemoveItem(deps: ActivityDependencies) {
  return async function removeItem(request: RemoveItemRequest): Promise<void> {
    const { tenantId, notificationId, digestKey, note } = request;
    const channels = await deps.models.digestItems.leave(tenantId, notificationId, digestKey);
    if (channels.length === 0) return;
    const outcomes = Object.fromEntries(channels.map((channel) => [channel, 'cancelled' as const]));
    await deps.models.notifications.markEnded(tenantId, notificationId, outcomes, [
      { at: new Date(), event: 'cancelled', ...(note === undefined ? {} : { detail: note }) },
    ]);
  };
}
