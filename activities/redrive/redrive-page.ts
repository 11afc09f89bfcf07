import { Context } from '@temporalio/activity';
import type { RedrivePage, RedrivePageRequest } from '../../contracts/redrive-run.js';
import { finalRedriveStatuses } from '../../contracts/redrives.js';
import { inParallel } from '../in-parallel.js';
import type { ActivityDependencies } from '../dependencies.js';

/** Runs told at a time. */
const AT_ONCE = 10;
/** Marked together: a crash has at most so many told once more, which their runs do not mind. */
const PORTION = 50;
/** A redrive has as many under way as it starts in so many seconds: the rest waits until those have ended. */
const UNDER_WAY_SECONDS = 60;
const LOOK_AGAIN_MS = 5_000;

/**
 * Tells the runs of the next deliveries to try again, the most urgent first. Where a provider still fails, those that
 * were started wait for their retries, and no more are started behind them. Repeated, it goes on behind those that are
 * marked; of the others a run that was told already takes no second notice.
 */
export function createRedrivePage(deps: ActivityDependencies) {
  const { deliveryRedrives, redrives } = deps.models;

  return async function redrivePage(request: RedrivePageRequest): Promise<RedrivePage> {
    const { tenantId, redriveId, perSecond, limit } = request;
    const row = await redrives.find(tenantId, redriveId);
    const before = await deliveryRedrives.tally(tenantId, redriveId);
    const isOver = !row || finalRedriveStatuses.includes(row.status);
    if (isOver) return { started: 0, counts: before, done: false, gone: true };
    const room = Math.min(limit, perSecond * UNDER_WAY_SECONDS - before.underWay);
    if (before.queued > 0 && room <= 0)
      return { started: 0, counts: before, done: false, waitMs: LOOK_AGAIN_MS };

    let left = room;
    let isLast = before.queued === 0;
    while (left > 0 && !isLast) {
      const wanted = Math.min(PORTION, left);
      const rows = await deliveryRedrives.next(tenantId, redriveId, wanted);
      await inParallel(rows, AT_ONCE, (delivery) =>
        deps.runs.redeliver(delivery, {
          tenantId,
          notificationId: delivery.notificationId,
          deliveryId: delivery.id,
          round: redriveId,
          redriveId,
          by: `redrive ${redriveId}`,
        }),
      );
      const ids = rows.map(({ id }) => id);
      await deliveryRedrives.markStarted(tenantId, redriveId, ids);
      Context.current().heartbeat();
      left -= rows.length;
      isLast = rows.length < wanted;
    }
    const counts = await deliveryRedrives.tally(tenantId, redriveId);
    return { started: room - left, counts, done: isLast || counts.queued === 0 };
  };
}
