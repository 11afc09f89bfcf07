import { Context } from '@temporalio/activity';
import type { CancelWaitingRequest } from '../../contracts/broadcast-run.js';
import type { ChannelName } from '../../contracts/channels.js';
import type { ChannelOutcomes } from '../../contracts/outcomes.js';
import { waitingNotificationStatuses } from '../../contracts/statuses.js';
import { deliveryId } from '../../contracts/ids.js';
import type { ActivityDependencies } from '../dependencies.js';
import { createSettle } from '../settle.js';
import { dropUnstored } from './drop-unstored.js';
import { inParallel } from '../in-parallel.js';
import { readSubject } from './subject.js';

const PAGE = 200;
const AT_ONCE = 10;

/**
 * Tells the runs of a cancelled broadcast's recipients who wait, or are tried again, to stop. Its last pages may have
 * been cut off: what they left half-done ends here, too.
 */
export function createCancelWaiting(deps: ActivityDependencies) {
  return async function cancelWaiting(request: CancelWaitingRequest): Promise<void> {
    const { tenantId, broadcastId, note, lanes, pageSize } = request;
    const subject = await readSubject(deps, request);
    if (subject) for (const lane of lanes) await dropUnstored(deps, subject, lane, pageSize);
    const settle = createSettle(deps);
    let afterId = Context.current().info.heartbeatDetails as string | undefined;
    for (;;) {
      const rows = await deps.models.notificationBulk.ofBroadcast(tenantId, broadcastId, {
        statuses: waitingNotificationStatuses,
        limit: PAGE,
        ...(afterId === undefined ? {} : { afterId }),
      });
      await inParallel(rows, AT_ONCE, async (row) => {
        if (await deps.runs.cancel(tenantId, row.id, note)) return;
        // Stored by a page that was cut off before it could send, or hand over.
        await markCut(deps, tenantId, row);
        await settle({
          tenantId,
          notificationId: row.id,
          as: 'cancelled',
          ...(note === undefined ? {} : { note }),
        });
      });
      if (rows.length < PAGE) return;
      afterId = rows.at(-1)?._id;
      Context.current().heartbeat(afterId);
    }
  };
}

async function markCut(
  deps: ActivityDependencies,
  tenantId: string,
  { id, outcomes }: { id: string; outcomes: ChannelOutcomes },
): Promise<void> {
  for (const channel of Object.keys(outcomes) as ChannelName[]) {
    if (outcomes[channel] === 'open')
      await deps.models.deliveryAttempts.markInterrupted(tenantId, deliveryId(id, channel), new Date());
  }
}
