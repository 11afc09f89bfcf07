import { z } from 'zod';
import { redriveWorkflowId } from '../../contracts/ids.js';
import { finalRedriveStatuses, redriveFilter, redriveStatuses } from '../../contracts/redrives.js';
import type { Models } from '../../models/models.js';
import type { RedriveRow } from '../../models/redrives.js';
import type { Config } from '../../runtime/config.js';
import { temporalUrl } from './notification.js';
import { iso } from './time.js';

const time = z.iso.datetime().nullable();
const count = z.number().int();

export const redriveView = z.object({
  id: z.string(),
  status: z.enum(redriveStatuses),
  filter: redriveFilter,
  perSecond: count,
  counts: z.object({
    /** Failed deliveries that it found when it began: `queued`, `started` and `skipped` together. */
    matched: count,
    queued: count,
    started: count,
    skipped: count,
  }),
  /** What has become of those that were started, unless another redrive has taken them up since. */
  results: z.object({ underWay: count, sent: count, failed: count, notSent: count }),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: time,
  finishedAt: time,
  workflowId: z.string(),
  temporalUrl: z.string().nullable(),
});

/** A redrive as the API shows it, as its deliveries stand now. */
export async function showRedrive(
  deps: { models: Models; config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'> },
  row: RedriveRow,
): Promise<z.output<typeof redriveView>> {
  const { tenantId, id } = row;
  const { matched, queued, started, skipped, ...results } = await deps.models.deliveryRedrives.tally(
    tenantId,
    id,
  );
  const workflowId = redriveWorkflowId(tenantId, id);
  const kept = finalRedriveStatuses.includes(row.status) ? row.counts : undefined;
  return {
    id,
    status: row.status,
    filter: row.filter,
    perSecond: row.perSecond,
    // After its end its deliveries may be refused by their runs, which then count as skipped.
    counts: kept && matched < kept.matched ? kept : { matched, queued, started, skipped },
    results,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    workflowId,
    temporalUrl: temporalUrl(deps.config, workflowId),
  };
}
