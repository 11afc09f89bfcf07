import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { PurgeOutcome } from '../../contracts/housekeeping.js';
import { purged } from '../../models/expired-rows.js';
import type { ActivityDependencies } from '../dependencies.js';
import { PurgeExport } from './purge-export.js';

/** Rows that are read, written out and removed together. */
const BATCH = 1_000;
/**
 * So long after their time, in milliseconds: the figures of a quarter of an hour are counted for good once the first of its
 * deliveries may be gone, and processes' clocks differ.
 */
const GRACE_MS = 15 * 60_000;

type Dependencies = Pick<ActivityDependencies, 'models' | 'metrics' | 'log' | 'purgeExportDir'>;

/** What tells of how far it is, and says when to stop. */
interface Progress {
  runId: string;
  isStopped(): boolean;
  told(removed: PurgeOutcome['removed']): void;
}

/**
 * Removes what is past its time, in batches; a repeated call goes on, since what is removed is not found again. Where a folder
 * for exports is set each batch is on the disk before it is removed, and nothing is removed that could not be written.
 */
export function createPurge(deps: Dependencies) {
  return async function purge(): Promise<PurgeOutcome> {
    const context = Context.current();
    const runId = context.info.workflowExecution?.runId ?? context.info.activityId;
    const outcome = await purgeAll(deps, new Date(), {
      runId,
      isStopped: () => context.cancellationSignal.aborted,
      told: (removed) => context.heartbeat(removed),
    });
    // Its worker goes: the next attempt goes on.
    if (!outcome) throw ApplicationFailure.create({ type: 'interrupted', message: 'interrupted' });
    return outcome;
  };
}

/**
 * What `purge` does, as of `now`; undefined when it was told to stop before its end.
 * @throws what kept it from writing or removing; the run's figures say so too.
 */
export async function purgeAll(
  deps: Dependencies,
  now: Date,
  progress: Progress,
): Promise<PurgeOutcome | undefined> {
  const { housekeepingRuns } = deps.models;
  const { runId } = progress;
  await housekeepingRuns.begin(runId, now);
  try {
    const done = await removeAll(deps, now, progress);
    if (!done) return undefined;
  } catch (error) {
    await housekeepingRuns.fail(runId, error instanceof Error ? error.message : 'failed');
    throw error;
  }
  const { removed = {} } = (await housekeepingRuns.end(runId, new Date())) ?? {};
  deps.log.info({ removed }, 'housekeeping of the day done');
  return { removed };
}

/** False when it was told to stop before its end. */
async function removeAll(deps: Dependencies, now: Date, progress: Progress): Promise<boolean> {
  const { expiredRows, housekeepingRuns } = deps.models;
  const until = new Date(now.getTime() - GRACE_MS);
  const files =
    deps.purgeExportDir === undefined
      ? undefined
      : new PurgeExport(deps.purgeExportDir, now.toISOString().slice(0, 10));
  const removed: Record<string, number> = {};
  for (const of of purged) {
    for (;;) {
      if (progress.isStopped()) return false;
      const exported = files !== undefined && of.isExported;
      const rows = await expiredRows.find(of, until, BATCH, exported);
      if (rows.length === 0) break;
      if (exported) await files.write(of.collection, rows);
      const ids = rows.map(({ _id }) => _id);
      const gone = await expiredRows.remove(of, ids, until);
      await housekeepingRuns.add(progress.runId, of.collection, gone, exported ? gone : 0);
      deps.metrics.count('carillon_housekeeping_removed_total', { collection: of.collection }, gone);
      removed[of.collection] = (removed[of.collection] ?? 0) + gone;
      progress.told(removed);
      if (rows.length < BATCH) break;
    }
  }
  return true;
}
