import type { DropDigestRequest } from '../../contracts/digests.js';
import type { ActivityDependencies } from '../dependencies.js';

const PAGE = 500;

/** Ends a window without sending it: its items' notifications are cancelled on the channels that it collected. */
export function createDropDigest(deps: ActivityDependencies) {
  return async function dropDigest(request: DropDigestRequest): Promise<void> {
    const { tenantId, digestId, note } = request;
    const { digests, digestItems, notificationBulk } = deps.models;
    const nowMs = Math.max(request.nowMs, Date.now());
    const { window } = await digests.close(tenantId, digestId, { nowMs, early: true }, (row, session) =>
      digestItems.take(row, row.id, session),
    );
    if (window?.state !== 'closing') return;
    const entry = {
      at: new Date(nowMs),
      event: 'cancelled',
      ...(note === undefined ? {} : { detail: note }),
    };
    for (let last; ;) {
      const items = await digestItems.taken(tenantId, digestId, PAGE, last);
      await notificationBulk.endChannels(
        tenantId,
        items.map(({ notificationId, channels }) => ({
          id: notificationId,
          outcomes: Object.fromEntries(channels.map((channel) => [channel, 'cancelled' as const])),
          entry,
        })),
      );
      if (items.length < PAGE) break;
      last = items.at(-1);
    }
    await digests.markEnded(tenantId, digestId, { state: 'cancelled' });
  };
}
