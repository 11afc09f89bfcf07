import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  BroadcastInput,
  BroadcastProgress,
  BroadcastResult,
  PageOutcome,
  Tally,
} from '../contracts/broadcast-run.js';
import { bulkQueueOf } from '../contracts/ids.js';
import type { BroadcastActivities } from './activity-types.js';
import { listenToOperators, type Control } from './broadcast-control.js';
import { progressQuery } from './messages.js';
import { bulkPolicy, pagePolicy, planningPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

/** About 6 events a page: far from the server's limit, and short enough to be replayed quickly. */
const PAGES_PER_RUN = 500;
/** A broadcast that is spread over a period sends a page at least this often, however small. */
const SPREAD_STEP_MS = 15_000;

const { markBroadcast } = proxyLocalActivities<BroadcastActivities>(planningPolicy);

/**
 * One message to many people: waits until it is due, fixes its audience, and works through it page by page. Whoever must
 * wait, or be tried again, has a `notification` run of their own by then.
 */
export async function broadcast(input: BroadcastInput): Promise<BroadcastResult> {
  const control = listenToOperators();
  // A cancellation asked for in the Web UI is a request like any other: it must not cut off a recording.
  return CancellationScope.nonCancellable(() => run(input, control));
}

async function run(input: BroadcastInput, control: Control): Promise<BroadcastResult> {
  const { tenantId, broadcastId, sendAtMs, spreadOverMs } = input;
  const place = { tenantId, broadcastId };
  let progress = input.progress;
  setHandler(progressQuery, () => progress);
  const bulk = {
    taskQueue: bulkQueueOf(workflowInfo().taskQueue),
    priority: { priorityKey: input.priorityKey, fairnessKey: tenantId },
  };

  if (!progress) {
    if (sendAtMs !== undefined && sendAtMs > Date.now()) showStatus('held');
    setCurrentDetails(detailsNow());
    await until(sendAtMs ?? 0);
    if (control.cancelled) return end('cancelled');
    const { beginBroadcast } = proxyActivities<BroadcastActivities>({
      ...bulkPolicy,
      ...bulk,
      summary: 'count the audience',
    });
    const begun = await beginBroadcast({ ...place, nowMs: Date.now() });
    if (begun.gone) return end('failed');
    progress = { startedAtMs: begun.startedAtMs, total: begun.total, processed: 0, pages: 0, tally: {} };
  }
  showStatus('sending');

  let nextPageMs = 0;
  for (let pagesHere = 0; ; pagesHere += 1) {
    await until(nextPageMs);
    if (control.cancelled) return end('cancelled');
    if (pagesHere >= (input.pagesPerRun ?? PAGES_PER_RUN) || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof broadcast>({ ...input, progress });
    }
    setCurrentDetails(detailsOf(progress));
    const page = await sendNext(progress);
    if (!page) return end('failed');
    progress = {
      ...progress,
      processed: progress.processed + page.processed,
      pages: progress.pages + 1,
      tally: added(progress.tally, page.tally),
      ...(page.afterId === undefined ? {} : { afterId: page.afterId }),
    };
    if (page.done) return end('completed');
    nextPageMs = Math.max(Date.now() + (page.waitMs ?? 0), dueMs(progress));
  }

  /** Undefined when the broadcast cannot go on: it, or its tenant, is gone. */
  async function sendNext(so: BroadcastProgress): Promise<PageOutcome | undefined> {
    const limit = pageLimit(so);
    const { sendPage } = proxyActivities<BroadcastActivities>({
      ...pagePolicy,
      ...bulk,
      summary: `recipients ${so.processed + 1}–${so.processed + limit}`,
    });
    const scope = new CancellationScope();
    const nothing: PageOutcome = { processed: 0, tally: {}, done: false };
    let running = true;
    let toldToStop = false;
    const page = scope
      .run(() =>
        sendPage({
          ...place,
          startedAtMs: so.startedAtMs,
          limit,
          processed: so.processed,
          ...(so.afterId === undefined ? {} : { afterId: so.afterId }),
        }),
      )
      .catch((error: unknown) => {
        // Told to stop before a worker had taken it.
        if (isCancellation(error)) return nothing;
        if (!(error instanceof ActivityFailure)) throw error;
        // Its worker died, or MongoDB was away: who was told to stop is not tried again. The next page finds what it did.
        if (toldToStop && !isForGood(error)) return nothing;
        log.error('broadcast given up', { failure: error.cause?.message });
        return undefined;
      })
      .finally(() => {
        running = false;
      });
    await condition(() => !running || control.cancelled || control.paused);
    if (running) {
      toldToStop = true;
      scope.cancel();
    }
    return page;
  }

  /** As many as are due in one step, where the broadcast is spread over a period. */
  function pageLimit({ total }: BroadcastProgress): number {
    if (spreadOverMs === undefined) return input.pageSize;
    const perStep = Math.ceil((total * SPREAD_STEP_MS) / spreadOverMs);
    return Math.max(1, Math.min(input.pageSize, perStep));
  }

  /** When the next page is due, where the broadcast is spread over a period; after a pause it catches up. */
  function dueMs({ startedAtMs, processed, total }: BroadcastProgress): number {
    if (spreadOverMs === undefined || total === 0) return 0;
    return startedAtMs + spreadOverMs * Math.min(1, processed / total);
  }

  /** Waits until then, and for as long as it is paused. */
  async function until(ms: number): Promise<void> {
    await unlessPaused();
    while (!control.cancelled && Date.now() < ms) {
      await condition(() => control.cancelled || control.paused, Math.max(1, Math.ceil(ms - Date.now())));
      await unlessPaused();
    }
  }

  async function unlessPaused(): Promise<void> {
    if (!control.paused || control.cancelled) return;
    await markBroadcast({ ...place, status: 'paused' });
    showStatus('held');
    setCurrentDetails(`paused. ${detailsNow()}`);
    await condition(() => !control.paused || control.cancelled);
    if (control.cancelled) return;
    await markBroadcast({ ...place, status: progress ? 'running' : 'scheduled' });
    showStatus(progress ? 'sending' : 'held');
    setCurrentDetails(detailsNow());
  }

  function detailsNow(): string {
    if (progress) return detailsOf(progress);
    return sendAtMs === undefined ? 'not begun' : `to begin at ${new Date(sendAtMs).toISOString()}`;
  }

  async function end(status: BroadcastResult['status']): Promise<BroadcastResult> {
    const processed = progress?.processed ?? 0;
    await markBroadcast({ ...place, status, processed });
    // Even where no page came to its end: one that was cut off may have stored some.
    if (status === 'cancelled' && progress) {
      const { cancelWaiting } = proxyActivities<BroadcastActivities>({
        ...bulkPolicy,
        ...bulk,
        summary: 'cancel those who wait',
      });
      await cancelWaiting({ ...place, ...(control.note === undefined ? {} : { note: control.note }) });
    }
    await condition(allHandlersFinished);
    setCurrentDetails(`${status}. ${progress ? detailsOf(progress) : 'Nobody was told'}`);
    showStatus(status === 'completed' ? 'sent' : status);
    return { status, processed };
  }
}

function isForGood({ cause }: ActivityFailure): boolean {
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}

function detailsOf({ processed, total, tally }: BroadcastProgress): string {
  const counts = Object.entries(tally).map(([status, count]) => `${status} ${count}`);
  return `${processed} of ${total}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
}

function added(one: Tally, other: Tally): Tally {
  const sum = { ...one };
  for (const [status, count] of Object.entries(other) as [keyof Tally, number][]) {
    sum[status] = (sum[status] ?? 0) + count;
  }
  return sum;
}
