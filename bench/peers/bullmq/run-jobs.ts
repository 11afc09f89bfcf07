import { setTimeout as pause } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import type { BroadcastMessage } from '../../../contracts/broadcasts.js';
import type { BroadcastResult } from '../../broadcasts.js';
import { cpuTimes, cpuUsed } from '../../processes.js';
import type { Stack } from '../../stack.js';
import type { PeerJob } from './queue.js';

const PORTION = 1_000;

/**
 * Queues one job for each person of a tenant, in portions and while the first are at work already, and waits until none
 * is left. The time is from the first job's decision to the last one's record, as MongoDB has them.
 */
export async function runJobs(
  stack: Stack,
  queue: Queue<PeerJob>,
  { tenantId, message }: { tenantId: string; message: BroadcastMessage },
): Promise<BroadcastResult> {
  const broadcastId = `brd_${tenantId}`;
  const before = cpuTimes(stack.children.processes);
  const beganMs = performance.now();
  const total = await addJobs(stack, queue, { tenantId, broadcastId, message });
  while ((await left(queue)) > 0) await pause(50);
  const elapsedMs = performance.now() - beganMs;
  const { used, strangers } = cpuUsed(before, cpuTimes(stack.children.processes), elapsedMs);
  const failed = await queue.getFailedCount();
  if (failed > 0) throw new Error(`${failed} BullMQ jobs failed`);

  const [span] = await stack.api.mongo
    .collection('notifications')
    .aggregate<{ first: Date; last: Date }>([
      { $match: { tenantId, broadcastId } },
      { $group: { _id: null, first: { $min: '$plan.decidedAt' }, last: { $max: '$updatedAt' } } },
    ])
    .toArray();
  if (!span) throw new Error('no BullMQ job left a notification');
  const seconds = (span.last.getTime() - span.first.getTime()) / 1000;
  const perSecond = total / seconds;
  const cpuMs = Object.fromEntries(Object.entries(used).map(([name, ms]) => [name, ms / total]));
  return { id: broadcastId, total, counts: {}, seconds, perSecond, cpu: { perSecond, cpuMs, strangers } };
}

/** Reads the tenant's people page by page, as an application would; answers how many jobs there are. */
async function addJobs(
  { api }: Stack,
  queue: Queue<PeerJob>,
  broadcast: { tenantId: string; broadcastId: string; message: BroadcastMessage },
): Promise<number> {
  const startedAtMs = Date.now();
  let total = 0;
  for (let afterId: string | undefined; ;) {
    const ids = await api.models.subscribers.idsAfter(
      broadcast.tenantId,
      {},
      afterId,
      PORTION,
      new Date(startedAtMs),
    );
    await queue.addBulk(
      ids.map((recipientId) => ({ name: 'email', data: { ...broadcast, startedAtMs, recipientId } })),
    );
    total += ids.length;
    afterId = ids.at(-1);
    if (ids.length < PORTION) return total;
  }
}

async function left(queue: Queue<PeerJob>): Promise<number> {
  const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized');
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
