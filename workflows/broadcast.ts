import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { BroadcastInput, BroadcastProgress, BroadcastResult } from '../contracts/broadcast-run.js';
import { bulkQueueOf } from '../contracts/ids.js';
import type { BroadcastActivities } from './activity-types.js';
import { listenToOperators, type Control } from './broadcast-control.js';
import { sendLanes } from './broadcast-lanes.js';
import { progressQuery } from './messages.js';
import { bulkPolicy, planningPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

/** About 6 events a page: far from the server's limit, and short enough to be replayed quickly. */
const PAGES_PER_RUN = 500;

const { markBroadcast } = proxyLocalActivities<BroadcastActivities>(planningPolicy);

/**
 * One message to many people: waits until it is due, fixes its audience, and works through it page by page, several
 * side by side. Whoever must wait, or be tried again, has a `notification` run of their own by then.
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
    const lanes = spreadOverMs === undefined ? input.lanes : 1;
    const begun = await beginBroadcast({ ...place, nowMs: Date.now(), lanes, pageSize: input.pageSize });
    if (begun.gone) return end('failed');
    const { startedAtMs, total } = begun;
    progress = { startedAtMs, total, processed: 0, lanes: begun.lanes, pages: 0, tally: {} };
  }
  showStatus('sending');

  const pagesBefore = progress.pages;
  const pagesPerRun = input.pagesPerRun ?? PAGES_PER_RUN;
  const so = progress;
  const isFull = () => so.pages - pagesBefore >= pagesPerRun || workflowInfo().continueAsNewSuggested;
  const showProgress = () => setCurrentDetails(detailsOf(so));
  for (;;) {
    await unlessPaused();
    if (control.cancelled) return end('cancelled');
    if (isFull()) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof broadcast>({ ...input, progress });
    }
    showProgress();
    if (!(await sendLanes({ input, control, progress, bulk, isFull, showProgress }))) return end('failed');
    if (progress.lanes.length === 0) return end('completed');
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
      await cancelWaiting({
        ...place,
        startedAtMs: progress.startedAtMs,
        lanes: progress.lanes,
        pageSize: input.pageSize,
        ...(control.note === undefined ? {} : { note: control.note }),
      });
    }
    await condition(allHandlersFinished);
    setCurrentDetails(`${status}. ${progress ? detailsOf(progress) : 'Nobody was told'}`);
    showStatus(status === 'completed' ? 'sent' : status);
    return { status, processed };
  }
}

function detailsOf({ processed, total, tally }: BroadcastProgress): string {
  const counts = Object.entries(tally).map(([status, count]) => `${status} ${count}`);
  return `${processed} of ${total}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
}
