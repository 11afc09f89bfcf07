import { Context } from '@temporalio/activity';
import type { ErasedPerson, ErasurePlace } from '../../contracts/erasures.js';
import { digestWorkflowId, notificationWorkflowId } from '../../contracts/ids.js';
import type { ActivityDependencies } from '../dependencies.js';
import { inParallel } from '../in-parallel.js';

const PAGE = 200;
const AT_ONCE = 10;

/**
 * Ends what waits for the person, as the database knows it, so that nothing of it is sent: Temporal's lists may not show
 * it yet. What recurs for them alone loses its clock.
 */
export function createEndWaiting({ models, runs: { histories } }: ActivityDependencies) {
  return async function endWaiting({ tenantId, erasureId }: ErasurePlace): Promise<void> {
    const person = await models.erasures.subjectOf(tenantId, erasureId);
    if (!person) return;
    for await (const { row, others } of models.personRows.schedules(person))
      if (!others) await histories.dropSchedule({ tenantId, scheduleId: row.id as string });
    for await (const workflowIds of waiting(person)) {
      await inParallel(workflowIds, AT_ONCE, (workflowId) =>
        histories.end(workflowId, `erasure ${erasureId}`),
      );
      Context.current().heartbeat();
    }
  };

  async function* waiting({ tenantId, ids }: ErasedPerson): AsyncGenerator<string[]> {
    for (const recipientId of ids) {
      yield (await models.digests.openOf(tenantId, recipientId)).map(digestWorkflowId);
      let afterId: string | undefined;
      for (;;) {
        const page = await models.notifications.findWaiting(tenantId, recipientId, afterId, PAGE);
        yield page.map((id) => notificationWorkflowId(tenantId, id));
        if (page.length < PAGE) break;
        afterId = page.at(-1);
      }
    }
  }
}
