import type { Metrics } from '../../runtime/metrics/metrics.js';
import type { TaskQueueFigures } from '../../runtime/task-queues.js';
import type { LiveConnections } from '../realtime/live-connections.js';
import type { DeploymentFigures } from './deployment.js';

/** Has `/metrics` of an API process tell of the deployment, and of the sockets at this process. */
export function measure(
  metrics: Metrics,
  { figures, live }: { figures: DeploymentFigures; live: LiveConnections },
): void {
  metrics.observe('carillon_notifications_waiting', async () => {
    const { held, digesting } = await figures.waiting();
    return [
      { labels: { status: 'held' }, value: held },
      { labels: { status: 'digesting' }, value: digesting },
    ];
  });
  metrics.observe('carillon_deliveries_parked', async () => [
    { labels: {}, value: (await figures.waiting()).parked },
  ]);
  const ofQueues = (value: (one: TaskQueueFigures) => number) => async () =>
    (await figures.queues()).map((one) => ({
      labels: { queue: one.queue, kind: one.kind },
      value: value(one),
    }));
  metrics.observe(
    'carillon_task_queue_backlog',
    ofQueues(({ backlog }) => backlog),
  );
  metrics.observe(
    'carillon_task_queue_backlog_age_seconds',
    ofQueues(({ backlogAgeMs }) => backlogAgeMs / 1000),
  );
  metrics.observe(
    'carillon_task_queue_pollers',
    ofQueues(({ pollers }) => pollers.length),
  );
  metrics.observe('carillon_housekeeping_last_success_timestamp_seconds', async () => {
    const run = await figures.housekeeping();
    return run?.succeededAt ? [{ labels: {}, value: run.succeededAt.getTime() / 1000 }] : [];
  });
  metrics.observe('carillon_sockets', () => {
    const tenants = live.figures();
    return (['websocket', 'polling'] as const).map((transport) => ({
      labels: { transport },
      value: tenants.reduce((sum, tenant) => sum + tenant[transport], 0),
    }));
  });
  metrics.observe('carillon_socket_persons', () => [
    { labels: {}, value: live.figures().reduce((sum, { persons }) => sum + persons, 0) },
  ]);
  metrics.observe('carillon_change_stream_lag_seconds', () => [
    { labels: { reader: 'inbox' }, value: live.lagMs() / 1000 },
  ]);
}
