import {
  CancellationScope,
  proxyActivities,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { ErasureInput, ErasureResult } from '../contracts/erasures.js';
import { bulkQueueOf } from '../contracts/ids.js';
import type { ErasureActivities } from './activity-types.js';
import { bulkPolicy, erasurePauseMs } from './retry-policies.js';
import { showStatus } from './visibility.js';

/** Somebody who goes on being written to has something new in every pass: marked as suppressed, without contents. */
const MAX_PASSES = 10;

/**
 * Erases a person everywhere, and proves it: ends what waits for them, removes their runs and their rows, until a pass
 * finds nothing, then writes the certificate. What was begun is not taken back: a cancellation is not heard.
 */
export async function erasure(input: ErasureInput): Promise<ErasureResult> {
  return CancellationScope.nonCancellable(() => run(input));
}

async function run({ tenantId, erasureId }: ErasureInput): Promise<ErasureResult> {
  const place = { tenantId, erasureId };
  const { beginErasure, endWaiting, eraseRuns, eraseRows, certifyErasure } =
    proxyActivities<ErasureActivities>({
      ...bulkPolicy,
      taskQueue: bulkQueueOf(workflowInfo().taskQueue),
      priority: { priorityKey: 4, fairnessKey: tenantId },
    });

  if (!(await beginErasure(place))) {
    showStatus('cancelled');
    return { status: 'gone', passes: 0 };
  }
  let passes = 0;
  for (let found = 1; found > 0 && passes < MAX_PASSES;) {
    if (passes > 0) await sleep(erasurePauseMs);
    passes += 1;
    setCurrentDetails(`pass ${passes}`);
    await endWaiting(place);
    const [runs, rows] = await Promise.all([eraseRuns(place), eraseRows(place)]);
    found = runs.found + rows.found;
  }
  await certifyErasure({ ...place, passes });
  setCurrentDetails(`completed after ${passes} passes`);
  showStatus('sent');
  return { status: 'completed', passes };
}
