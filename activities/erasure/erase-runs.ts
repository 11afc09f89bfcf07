import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { ErasurePass, ErasurePlace } from '../../contracts/erasures.js';
import { notificationWorkflowId } from '../../contracts/ids.js';
import type { ActivityDependencies, RunPlace } from '../dependencies.js';
import { inParallel } from '../in-parallel.js';

const AT_ONCE = 10;
/** Temporal removes in the background, a closed run within half a minute or so: its lists are looked at until then. */
const FIRST_WAIT_MS = 250;
const LAST_WAIT_MS = 4_000;
/** What lists still show then is tried again, as a failure that operators see. */
const LONGEST_MS = 300_000;

/**
 * Removes every run of the person, with its history, and ends when none is left that anybody could read. Cut off and
 * repeated, it may count a run twice that is being removed.
 */
export function createEraseRuns({ models, runs: { histories } }: ActivityDependencies) {
  return async function eraseRuns(place: ErasurePlace): Promise<ErasurePass> {
    const person = await models.erasures.subjectOf(place.tenantId, place.erasureId);
    if (!person) return { found: 0 };
    const seen = new Set<string>();
    let found = 0;
    for (
      let endMs = Date.now() + LONGEST_MS, waitMs = FIRST_WAIT_MS;
      ;
      waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)
    ) {
      let isListed = false;
      for await (const listed of histories.ofRecipients(place.tenantId, person.ids)) {
        isListed ||= listed.length > 0;
        const fresh = listed.filter((run) => !seen.has(run.runId));
        for (const { runId } of fresh) seen.add(runId);
        found += await remove(place, fresh);
        Context.current().heartbeat();
        if (fresh.length > 0) endMs = Date.now() + LONGEST_MS;
      }
      if (!isListed) return { found };
      if (Date.now() > endMs)
        throw ApplicationFailure.retryable('Temporal has not removed the runs yet', 'unknown_error');
      await pause(waitMs);
    }
  };

  /** Answers how many were there. Of what was accepted and never planned, attachments are all that is stored. */
  async function remove(place: ErasurePlace, runs: readonly RunPlace[]): Promise<number> {
    const prefix = notificationWorkflowId(place.tenantId, '');
    let removed = 0;
    await inParallel(runs, AT_ONCE, async (run) => {
      if (await histories.remove(run)) removed += 1;
      if (!run.workflowId.startsWith(prefix)) return;
      const id = run.workflowId.slice(prefix.length);
      const attachments = await models.personRows.removeAttachments(place.tenantId, id);
      await models.erasures.count(place, [{ collection: 'attachments', removed: attachments }]);
    });
    if (removed > 0) await models.erasures.countRuns(place, removed);
    return removed;
  }
}
