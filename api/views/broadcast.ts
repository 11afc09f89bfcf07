import { z } from 'zod';
import {
  broadcastCounts,
  broadcastStatuses,
  countsOf,
  type BroadcastCounts,
} from '../../contracts/broadcasts.js';
import { broadcastWorkflowId } from '../../contracts/ids.js';
import type { BroadcastRow } from '../../models/broadcasts.js';
import type { Models } from '../../models/models.js';
import type { Config } from '../../runtime/config.js';
import { temporalUrl } from './notification.js';
import { iso } from './time.js';

const time = z.iso.datetime().nullable();
const count = z.number().int();

export const broadcastView = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.enum(broadcastStatuses),
  /** Null until it begins: its audience is counted then. */
  total: count.nullable(),
  processed: count,
  counts: z.object(
    Object.fromEntries(broadcastCounts.map((name) => [name, count])) as Record<
      keyof BroadcastCounts,
      typeof count
    >,
  ),
  ratePerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  createdAt: z.iso.datetime(),
  sendAt: time,
  startedAt: time,
  finishedAt: time,
  workflowId: z.string(),
  temporalUrl: z.string().nullable(),
});

/** A broadcast as the API shows it. Its counts are those of its notifications as they are now. */
export async function showBroadcast(
  deps: { models: Models; config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'> },
  row: BroadcastRow,
): Promise<z.output<typeof broadcastView>> {
  const { tenantId, id, total, ratePerSecond } = row;
  const counts = countsOf(await deps.models.notificationBulk.countByStatus(tenantId, id));
  // The row learns of a page when it is over; the notifications tell of its chunks.
  const told = Object.values(counts).reduce((sum, some) => sum + some, 0) - counts.inFlight;
  const processed = Math.max(row.processed, told);
  const workflowId = broadcastWorkflowId(tenantId, id);
  const isRunning = row.status === 'running';
  return {
    id,
    name: row.name,
    type: row.type,
    status: row.status,
    total: total ?? null,
    processed,
    counts,
    ratePerSecond: isRunning && ratePerSecond !== undefined ? round(ratePerSecond) : null,
    secondsLeft: isRunning ? secondsLeft({ ...row, processed }) : null,
    createdAt: row.createdAt.toISOString(),
    sendAt: iso(row.sendAt),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    workflowId,
    temporalUrl: temporalUrl(deps.config, workflowId),
  };
}

/** By what is done so far and when it began; where it is spread over a period, by that. */
function secondsLeft({ total, processed, startedAt, spreadOverMs }: BroadcastRow): number | null {
  if (total === undefined || startedAt === undefined) return null;
  const goneMs = Date.now() - startedAt.getTime();
  if (spreadOverMs !== undefined) return Math.max(0, Math.round((spreadOverMs - goneMs) / 1000));
  if (processed === 0) return null;
  return Math.max(0, Math.round(((total - processed) * goneMs) / processed / 1000));
}

function round(rate: number): number {
  return Math.round(rate * 10) / 10;
}
