import type { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { bulkQueueOf } from '../contracts/ids.js';

/** What waits on one of Temporal's task queues, and who takes it. */
export interface TaskQueueFigures {
  queue: string;
  kind: 'workflow' | 'activity';
  /** Tasks that wait, as Temporal estimates it; not those that a worker has reserved for itself. */
  backlog: number;
  /** Milliseconds that the oldest of them has waited. */
  backlogAgeMs: number;
  /** Added in a second, over the last half minute. */
  addedPerSecond: number;
  takenPerSecond: number;
  /** Workers that asked for tasks in the last five minutes. */
  pollers: { identity: string; lastAt: Date | undefined }[];
}

const { TaskQueueType } = proto.temporal.api.enums.v1;
const kinds = {
  workflow: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  activity: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
} as const;
const CALL_MS = 3_000;

/** The queues of a deployment whose notifications are started on `taskQueue`. */
export function queuesOf(taskQueue: string): Pick<TaskQueueFigures, 'queue' | 'kind'>[] {
  return [
    { queue: taskQueue, kind: 'workflow' },
    { queue: taskQueue, kind: 'activity' },
    { queue: bulkQueueOf(taskQueue), kind: 'activity' },
  ];
}

/**
 * Asks Temporal for each queue: three calls, answered from the memory of its matching service.
 * @throws ServiceError when it is away.
 */
export function describeTaskQueues(client: Client, taskQueue: string): Promise<TaskQueueFigures[]> {
  const connection = client.connection as Connection;
  const { namespace } = client.options;
  return Promise.all(
    queuesOf(taskQueue).map(async ({ queue, kind }) => {
      const { stats, pollers } = await connection.withDeadline(Date.now() + CALL_MS, () =>
        connection.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: queue },
          taskQueueType: kinds[kind],
          reportStats: true,
        }),
      );
      return {
        queue,
        kind,
        backlog: Number(stats?.approximateBacklogCount ?? 0),
        backlogAgeMs: millisecondsOf(stats?.approximateBacklogAge),
        addedPerSecond: stats?.tasksAddRate ?? 0,
        takenPerSecond: stats?.tasksDispatchRate ?? 0,
        pollers: (pollers ?? []).map(({ identity, lastAccessTime }) => ({
          identity: identity ?? '',
          lastAt: lastAccessTime ? new Date(millisecondsOf(lastAccessTime)) : undefined,
        })),
      };
    }),
  );
}

interface Span {
  seconds?: unknown;
  nanos?: number | null | undefined;
}

function millisecondsOf(span: Span | null | undefined): number {
  return Number(span?.seconds ?? 0) * 1000 + (span?.nanos ?? 0) / 1e6;
}
