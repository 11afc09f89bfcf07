import {
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { bulkQueueOf } from '../contracts/ids.js';
import type { EndReplayRequest, WebhookReplayInput, WebhookReplayResult } from '../contracts/webhook-run.js';
import type { ReplayCounts } from '../contracts/webhooks.js';
import type { ReplayActivities } from './activity-types.js';
import { cancelSignal } from './messages.js';
import { bulkPolicy, replayWaitsMs } from './retry-policies.js';
import { showStatus } from './visibility.js';

const PAGES_PER_RUN = 400;
const nothing: ReplayCounts = { total: 0, delivered: 0, failed: 0 };

/**
 * Sends the events of a period to a webhook endpoint again, page by page. Where the endpoint refuses them it pauses, longer
 * each time, and gives up in the end. `cancel` stops it.
 */
export async function webhookReplay(input: WebhookReplayInput): Promise<WebhookReplayResult> {
  const place = { tenantId: input.tenantId, replayId: input.replayId };
  const { replayPage, endReplay } = proxyActivities<ReplayActivities>({
    ...bulkPolicy,
    taskQueue: bulkQueueOf(workflowInfo().taskQueue),
    priority: { priorityKey: 5, fairnessKey: input.tenantId },
  });
  let { counts = nothing, inVain = 0 } = input;
  let isCancelled = false;
  setHandler(cancelSignal, () => {
    isCancelled = true;
  });
  CancellationScope.current().cancelRequested.catch(() => {
    isCancelled = true;
  });
  return CancellationScope.nonCancellable(run);

  async function run(): Promise<WebhookReplayResult> {
    for (let pages = 0; ; pages += 1) {
      setCurrentDetails(detailsOf(counts));
      if (isCancelled) return end('cancelled');
      if (pages >= (input.pagesPerRun ?? PAGES_PER_RUN) || workflowInfo().continueAsNewSuggested)
        await continueAsNew<typeof webhookReplay>({ ...input, counts, inVain });
      const page = await replayPage(place);
      counts = page.counts;
      if (page.gone) return end('failed');
      if (page.done) return end('completed');
      inVain = page.isInVain ? inVain + 1 : 0;
      if (inVain === 0) continue;
      const waitMs = replayWaitsMs[inVain - 1];
      if (waitMs === undefined) return end('failed');
      await condition(() => isCancelled, waitMs);
    }
  }

  async function end(status: EndReplayRequest['status']): Promise<WebhookReplayResult> {
    await endReplay({ ...place, status });
    setCurrentDetails(`${status}. ${detailsOf(counts)}`);
    showStatus(status === 'completed' ? 'sent' : status);
    return { status, counts };
  }
}

function detailsOf({ total, delivered, failed }: ReplayCounts): string {
  return `${delivered} of ${total} delivered${failed > 0 ? `, ${failed} to be tried again` : ''}`;
}
