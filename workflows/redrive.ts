import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { bulkQueueOf } from '../contracts/ids.js';
import type { RedriveInput, RedrivePage, RedriveResult } from '../contracts/redrive-run.js';
import type { RedriveCounts } from '../contracts/redrives.js';
import type { RedriveActivities } from './activity-types.js';
import { listenToOperators, type Control } from './broadcast-control.js';
import { redriveProgressQuery } from './messages.js';
import { bulkPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

/** A page starts what the rate allows for so long. */
const STEP_MS = 5_000;
const PAGES_PER_RUN = 400;
const nothing: RedriveCounts = { matched: 0, queued: 0, started: 0, skipped: 0 };

/**
 * New attempts at all failed deliveries that match a filter: marks them, then has them started page by page, the most
 * urgent first, no faster than the rate, and not while too many of them are under way. Each is delivered by the run of
 * its notification.
 */
export async function redrive(input: RedriveInput): Promise<RedriveResult> {
  const control = listenToOperators();
  // A cancellation asked for in the Web UI is a request like any other: it must not cut off a page.
  return CancellationScope.nonCancellable(() => run(input, control));
}

async function run(input: RedriveInput, control: Control): Promise<RedriveResult> {
  const { tenantId, redriveId, perSecond } = input;
  const place = { tenantId, redriveId };
  let { counts } = input;
  setHandler(redriveProgressQuery, () => counts);
  const { beginRedrive, redrivePage, endRedrive } = proxyActivities<RedriveActivities>({
    ...bulkPolicy,
    taskQueue: bulkQueueOf(workflowInfo().taskQueue),
    priority: { priorityKey: 4, fairnessKey: tenantId },
  });

  if (!counts) {
    showStatus('sending');
    setCurrentDetails('looking for failed deliveries');
    const begun = await unlessGone(() => beginRedrive(place));
    if (!begun) return end('failed');
    counts = begun;
  }
  const limit = Math.max(1, Math.floor((perSecond * STEP_MS) / 1000));
  const pagesPerRun = input.pagesPerRun ?? PAGES_PER_RUN;
  for (let pages = 0; ; pages += 1) {
    setCurrentDetails(detailsOf(counts));
    await unlessPaused();
    if (control.cancelled) return end('cancelled');
    if (pages >= pagesPerRun || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof redrive>({ ...input, counts });
    }
    const startedMs = Date.now();
    const page: RedrivePage | undefined = await unlessGone(() => redrivePage({ ...place, perSecond, limit }));
    if (!page || page.gone) return end('failed');
    counts = page.counts;
    if (page.done) return end('completed');
    const dueMs = startedMs + (page.waitMs ?? (page.started * 1000) / perSecond);
    if (dueMs > Date.now()) await condition(() => control.cancelled, Math.ceil(dueMs - Date.now()));
  }

  async function unlessPaused(): Promise<void> {
    if (!control.paused || control.cancelled) return;
    showStatus('held');
    setCurrentDetails(`paused. ${detailsOf(counts ?? nothing)}`);
    await condition(() => !control.paused || control.cancelled);
    showStatus('sending');
  }

  /** Undefined when the activity says that it cannot ever be done: it is tried until it can, otherwise. */
  async function unlessGone<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.error('redrive given up', { failure: error.cause?.message });
      return undefined;
    }
  }

  async function end(status: RedriveResult['status']): Promise<RedriveResult> {
    const ended = await endRedrive({ ...place, status });
    counts = ended;
    await condition(allHandlersFinished);
    setCurrentDetails(`${status}. ${detailsOf(ended)}`);
    showStatus(status === 'completed' ? 'sent' : status);
    return { status, counts: ended };
  }
}

function detailsOf({ matched, started, skipped }: RedriveCounts): string {
  return `${started} of ${matched} started${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
