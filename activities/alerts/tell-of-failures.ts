import type { FailureCountRow } from '../../models/failure-counts.js';
import { tellAdministrators, type Telling } from './tell-administrators.js';

const AT_ONCE = 50;

/**
 * Tells a tenant's administrators that a provider fails, once in a window. That they were told is written last, so a
 * crash in between has it done again.
 */
export async function tellOfFailures(deps: Telling, row: FailureCountRow): Promise<void> {
  const { tenantId, channel, provider, since } = row;
  await tellAdministrators(deps, {
    tenantId,
    channel,
    provider,
    data: { failures: row.count, minutes: row.windowMs / 60_000, reason: row.failureReason },
    about: [since.getTime()],
  });
  await deps.models.failureCounts.markTold(row);
}

/** Tells of what a worker that died, or could not reach Temporal, has left untold. */
export async function tellOfAllDue(deps: Telling): Promise<void> {
  for (const row of await deps.models.failureCounts.due(AT_ONCE)) await tellOfFailures(deps, row);
}
