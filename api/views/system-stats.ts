import { z } from 'zod';
import type { HousekeepingRun } from '../../models/housekeeping-runs.js';
import { WAITING_CAP, type Waiting } from '../../models/waiting-counts.js';
import type { TaskQueueFigures } from '../../runtime/task-queues.js';
import type { connectionsView } from './connections.js';
import { iso } from './time.js';

const count = z.number().int();
const rows = z.record(z.string(), count);

export const systemStatsView = z.object({
  at: z.iso.datetime(),
  waiting: z
    .object({
      held: count,
      digesting: count,
      parked: count.describe('deliveries that wait for a provider that is down'),
      capped: z.boolean().describe(`one of them is ${WAITING_CAP}, which means that many or more`),
    })
    .describe('of the tenant for its admin, of all tenants for an operator who names none'),
  queues: z.array(
    z.object({
      queue: z.string(),
      kind: z.enum(['workflow', 'activity']),
      backlog: count.describe('tasks that wait for a worker, as Temporal estimates it'),
      backlogAgeMs: count.describe('how long the oldest of them has waited'),
      addedPerSecond: z.number(),
      takenPerSecond: z.number(),
      workers: count,
    }),
  ),
  workers: z
    .array(
      z.object({ identity: z.string(), queues: z.array(z.string()), lastAt: z.iso.datetime().nullable() }),
    )
    .nullable()
    .describe('processes that asked for tasks in the last minutes; for operators only'),
  sockets: z.object({
    sockets: count,
    websocket: count,
    polling: count,
    persons: count,
    processes: count,
  }),
  housekeeping: z
    .object({
      startedAt: z.iso.datetime(),
      finishedAt: z.iso.datetime().nullable().describe('null while it goes on, or where it failed'),
      succeededAt: z.iso.datetime().nullable().describe('when one last came to its end'),
      removed: rows.describe('rows by collection'),
      exported: rows.describe('of these, those that were written to a file before'),
      failure: z.string().nullable(),
    })
    .nullable()
    .describe('what the daily run did last; for operators only, and null before the first'),
});

/** @param isOperator who also sees what is the whole deployment's. */
export function showSystemStats(
  figures: {
    waiting: Waiting;
    queues: readonly TaskQueueFigures[];
    connections: z.infer<typeof connectionsView>;
    housekeeping: HousekeepingRun | undefined;
  },
  isOperator: boolean,
): z.infer<typeof systemStatsView> {
  const { waiting, queues, connections, housekeeping } = figures;
  const { sockets, websocket, polling, persons, processes } = connections;
  return {
    at: new Date().toISOString(),
    waiting: { ...waiting, capped: Object.values(waiting).some((one) => one >= WAITING_CAP) },
    queues: queues.map(({ pollers, ...one }) => ({
      ...one,
      backlogAgeMs: Math.round(one.backlogAgeMs),
      workers: pollers.length,
    })),
    workers: isOperator ? workersOf(queues) : null,
    sockets: { sockets, websocket, polling, persons, processes: processes.length },
    housekeeping: isOperator && housekeeping ? showRun(housekeeping) : null,
  };
}

function workersOf(queues: readonly TaskQueueFigures[]) {
  const workers = new Map<string, { queues: string[]; lastAt: Date | undefined }>();
  for (const { queue, kind, pollers } of queues) {
    for (const { identity, lastAt } of pollers) {
      const worker = workers.get(identity) ?? { queues: [], lastAt: undefined };
      worker.queues.push(`${queue} (${kind})`);
      if (lastAt && !(worker.lastAt && worker.lastAt > lastAt)) worker.lastAt = lastAt;
      workers.set(identity, worker);
    }
  }
  return [...workers].map(([identity, { queues: names, lastAt }]) => ({
    identity,
    queues: names,
    lastAt: iso(lastAt),
  }));
}

function showRun(run: HousekeepingRun) {
  return {
    startedAt: run.startedAt.toISOString(),
    finishedAt: iso(run.finishedAt),
    succeededAt: iso(run.succeededAt),
    removed: run.removed,
    exported: run.exported,
    failure: run.failure ?? null,
  };
}
