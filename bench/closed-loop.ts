import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { cpuTimes, cpuUsed, type Processes } from './processes.js';

const POLL_MS = 100;
const DRAIN_MS = 120_000;

export interface LoopResult {
  perSecond: number;
  completed: number;
  /** CPU milliseconds of each process per completed workflow. */
  cpuMs: Record<string, number>;
  strangers: number;
}

/**
 * Keeps `inFlight` workflows of one type under way and counts what Temporal completed within a window, by the close
 * times in its own records. While the loop runs, completions are seen by counting those records too, ten times a
 * second: cheap, and the same for whatever is measured.
 */
export async function closedLoop(
  client: Client,
  processes: Processes,
  options: {
    workflowType: string;
    start: () => Promise<unknown>;
    inFlight: number;
    /** Seconds that are not counted, so that the loop is under way. */
    leadSeconds: number;
    seconds: number;
  },
): Promise<LoopResult> {
  const closedSince = async (since: Date, until?: Date) => {
    const end = until ? ` AND CloseTime < "${until.toISOString()}"` : '';
    const query = `WorkflowType = "${options.workflowType}" AND CloseTime >= "${since.toISOString()}"${end}`;
    return (await client.workflow.count(query)).count;
  };
  const began = new Date();
  let started = 0;
  let completed = 0;
  let failure: Error | undefined;
  let isOpen = true;
  const fill = () => {
    while (isOpen && !failure && started - completed < options.inFlight) {
      started += 1;
      options.start().catch((error: unknown) => (failure ??= error as Error));
    }
  };
  const turn = async () => {
    await pause(POLL_MS);
    completed = await closedSince(began);
    if (failure) throw failure;
    fill();
  };

  fill();
  const leadEnds = Date.now() + options.leadSeconds * 1000;
  while (Date.now() < leadEnds) await turn();
  const from = new Date();
  const before = cpuTimes(processes);
  while (Date.now() < from.getTime() + options.seconds * 1000) await turn();
  const until = new Date();
  const after = cpuTimes(processes);
  isOpen = false;
  const deadline = Date.now() + DRAIN_MS;
  while (completed < started) {
    if (Date.now() > deadline) throw new Error(`${started - completed} workflows did not complete in time`);
    await turn();
  }

  const counted = await closedSince(from, until);
  const elapsedMs = until.getTime() - from.getTime();
  const { used, strangers } = cpuUsed(before, after, elapsedMs);
  return {
    perSecond: counted / (elapsedMs / 1000),
    completed: counted,
    cpuMs: Object.fromEntries(Object.entries(used).map(([name, ms]) => [name, ms / counted])),
    strangers,
  };
}
