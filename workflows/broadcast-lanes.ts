import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  proxyActivities,
  type ActivityOptions,
} from '@temporalio/workflow';
import type {
  BroadcastInput,
  BroadcastProgress,
  Lane,
  PageOutcome,
  Tally,
} from '../contracts/broadcast-run.js';
import type { BroadcastActivities } from './activity-types.js';
import type { Control } from './broadcast-control.js';
import { pagePolicy } from './retry-policies.js';

/** A broadcast that is spread over a period sends a page at least this often, however small. */
const SPREAD_STEP_MS = 15_000;

interface Lanes {
  input: BroadcastInput;
  control: Control;
  /** Changed as pages end. */
  progress: BroadcastProgress;
  /** The queue for bulk work, with the broadcast's priority. */
  bulk: Pick<ActivityOptions, 'taskQueue' | 'priority'>;
  /** Whether no more pages fit into this run's history. */
  isFull: () => boolean;
  /** A page ended, and the next ones are about to begin. */
  showProgress: () => void;
}

/**
 * Sends page after page, those of different lanes side by side, until all are at their end, or operators or `isFull`
 * stop it; no page is under way then. False when the broadcast cannot go on: it, or its tenant, is gone.
 */
export async function sendLanes({ input, control, progress, bulk, isFull, showProgress }: Lanes) {
  const { tenantId, broadcastId, spreadOverMs } = input;
  let isGone = false;
  const isHalted = () => control.cancelled || control.paused || isGone;
  await Promise.all(progress.lanes.map(sendLane));
  return !isGone;

  async function sendLane(lane: Lane): Promise<void> {
    while (!isHalted() && !isFull()) {
      await pause(dueMs() - Date.now());
      if (isHalted()) return;
      const page = await sendNext(lane);
      if (!page) return;
      lane.processed += page.processed;
      if (page.afterId !== undefined) lane.afterId = page.afterId;
      progress.processed += page.processed;
      progress.pages += 1;
      progress.tally = added(progress.tally, page.tally);
      if (page.done) progress.lanes = progress.lanes.filter((one) => one !== lane);
      showProgress();
      if (page.done) return;
      await pause(page.waitMs ?? 0);
    }
  }

  /** Undefined when the broadcast cannot go on. */
  async function sendNext(lane: Lane): Promise<PageOutcome | undefined> {
    const limit = pageLimit();
    const first = lane.before + lane.processed + 1;
    const last = Math.max(first, Math.min(first + limit - 1, lane.before + lane.size));
    const { sendPage } = proxyActivities<BroadcastActivities>({
      ...pagePolicy,
      ...bulk,
      summary: `recipients ${first}–${last}`,
    });
    const scope = new CancellationScope();
    const nothing: PageOutcome = { processed: 0, tally: {}, done: false };
    let running = true;
    let toldToStop = false;
    const page = scope
      .run(() =>
        sendPage({
          tenantId,
          broadcastId,
          startedAtMs: progress.startedAtMs,
          limit,
          processed: progress.processed,
          lanes: progress.lanes.length,
          ...(lane.afterId === undefined ? {} : { afterId: lane.afterId }),
          ...(lane.untilId === undefined ? {} : { untilId: lane.untilId }),
        }),
      )
      .catch((error: unknown) => {
        // Told to stop before a worker had taken it.
        if (isCancellation(error)) return nothing;
        if (!(error instanceof ActivityFailure)) throw error;
        // Its worker died, or MongoDB was away: who was told to stop is not tried again. The next page finds what it did.
        if (toldToStop && !isForGood(error)) return nothing;
        log.error('broadcast given up', { failure: error.cause?.message });
        isGone = true;
        return undefined;
      })
      .finally(() => {
        running = false;
      });
    await condition(() => !running || isHalted());
    if (running) {
      toldToStop = true;
      scope.cancel();
    }
    return page;
  }

  /** As many as are due in one step, where the broadcast is spread over a period. */
  function pageLimit(): number {
    if (spreadOverMs === undefined) return input.pageSize;
    const perStep = Math.ceil((progress.total * SPREAD_STEP_MS) / spreadOverMs);
    return Math.max(1, Math.min(input.pageSize, perStep));
  }

  /** When the next page is due, where the broadcast is spread over a period; after a pause it catches up. */
  function dueMs(): number {
    const { startedAtMs, processed, total } = progress;
    if (spreadOverMs === undefined || total === 0) return 0;
    return startedAtMs + spreadOverMs * Math.min(1, processed / total);
  }

  async function pause(ms: number): Promise<void> {
    if (ms > 0) await condition(isHalted, Math.ceil(ms));
  }
}

function isForGood({ cause }: ActivityFailure): boolean {
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}

function added(one: Tally, other: Tally): Tally {
  const sum = { ...one };
  for (const [status, count] of Object.entries(other) as [keyof Tally, number][]) {
    sum[status] = (sum[status] ?? 0) + count;
  }
  return sum;
}
