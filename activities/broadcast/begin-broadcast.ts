import { Context } from '@temporalio/activity';
import type { BeginOutcome, BeginRequest } from '../../contracts/broadcast-run.js';
import type { ActivityDependencies } from '../dependencies.js';
import { laneMarks } from './lanes.js';
import { nextIds } from './audience.js';
import { readSubject } from './subject.js';

const PAGE = 5_000;
/** A lane is at least so small a part of a page, or what its activity costs would not be worth it. */
const LANES_OF_A_PAGE = 4;

/**
 * Fixes when the broadcast begins, counts its audience as of then, and divides it into lanes. The count is for showing
 * how far it is: a filter is not asked of those that a list or a topic names, and who leaves while it runs stays counted
 * until it ends.
 */
export function createBeginBroadcast(deps: ActivityDependencies) {
  return async function beginBroadcast(request: BeginRequest): Promise<BeginOutcome> {
    const { tenantId, broadcastId } = request;
    const stored = await deps.models.broadcasts.find(tenantId, broadcastId);
    const startedAtMs = stored?.startedAt?.getTime() ?? Math.max(request.nowMs, Date.now());
    const subject = await readSubject(deps, { tenantId, broadcastId, startedAtMs });
    if (!subject) return { startedAtMs, total: 0, lanes: [], gone: true };
    const marks = laneMarks();
    let afterId: string | undefined;
    for (let done = false; !done;) {
      const page = await nextIds(deps.models, subject, { afterId, limit: PAGE });
      marks.add(page.ids);
      afterId = page.ids.at(-1) ?? afterId;
      done = page.done;
      Context.current().heartbeat();
    }
    const row = await deps.models.broadcasts.markBegun(tenantId, broadcastId, {
      startedAt: new Date(startedAtMs),
      total: marks.total,
    });
    return {
      startedAtMs: row?.startedAt?.getTime() ?? startedAtMs,
      total: row?.total ?? marks.total,
      lanes: marks.divided(
        Math.min(request.lanes, Math.ceil((marks.total * LANES_OF_A_PAGE) / request.pageSize)),
      ),
      ...(row ? {} : { gone: true }),
    };
  };
}
