import type { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import {
  bulkQueueOf,
  housekeepingId,
  notificationTaskQueue,
  searchAttributeNames,
} from '../../contracts/ids.js';
import type { Config } from '../../runtime/config.js';
import { lazyTemporalClient, pingTemporal } from '../../runtime/temporal.js';
import { failure, ok, warning, wordsOf, type Finding } from './finding.js';

const PATIENCE_MS = 5_000;
const { TaskQueueType } = proto.temporal.api.enums.v1;

/** Temporal: there, with the namespace and its search attributes, and workers that poll. */
export async function checkTemporal(config: Config): Promise<Finding[]> {
  const client = lazyTemporalClient(config);
  const where = `${config.TEMPORAL_ADDRESS}, namespace "${config.TEMPORAL_NAMESPACE}"`;
  try {
    await pingTemporal(client, PATIENCE_MS);
    return [
      await version(client, where),
      await attributes(client),
      await pollers(client, notificationTaskQueue, 'notifications'),
      await pollers(client, bulkQueueOf(notificationTaskQueue), 'bulk'),
      await housekeeping(client, 'minute', 'analytics stand still'),
      await housekeeping(client, 'day', 'nothing is removed that is past its time'),
    ];
  } catch (error) {
    return [
      failure(
        'Temporal',
        `${where}: ${wordsOf(error)}`,
        'start it, set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, or make the namespace (temporal operator namespace create)',
      ),
    ];
  } finally {
    await client.connection.close();
  }
}

async function version(client: Client, where: string): Promise<Finding> {
  const { serverVersion } = await client.workflowService.getSystemInfo({});
  return ok('Temporal', `${serverVersion}, ${where}`);
}

async function attributes(client: Client): Promise<Finding> {
  const { operatorService } = client.connection as Connection;
  const there = await operatorService.listSearchAttributes({ namespace: client.options.namespace });
  const missing = searchAttributeNames.filter((name) => !(name in (there.customAttributes ?? {})));
  return missing.length === 0
    ? ok('search attributes', 'registered')
    : failure(
        'search attributes',
        `missing: ${missing.join(', ')}`,
        'start an API or a worker, which registers them, or: temporal operator search-attribute create',
      );
}

async function pollers(client: Client, name: string, role: string): Promise<Finding> {
  const { pollers: found } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType:
      role === 'bulk' ? TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY : TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  const count = found?.length ?? 0;
  return count > 0
    ? ok(`workers: ${role}`, `${count} poll "${name}"`)
    : failure(
        `workers: ${role}`,
        `nobody polls "${name}": what is accepted waits`,
        `npm run worker -- --queues ${role}, with this TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE`,
      );
}

async function housekeeping(client: Client, what: 'minute' | 'day', meanwhile: string): Promise<Finding> {
  const about = `housekeeping: ${what}`;
  try {
    const { state, info } = await client.schedule.getHandle(housekeepingId(what)).describe();
    if (state.paused)
      return warning(about, `its schedule is paused: ${meanwhile}`, 'temporal schedule toggle --unpause');
    const last = info.recentActions.at(-1)?.takenAt;
    return ok(about, last ? `last at ${last.toISOString()}` : 'about to begin');
  } catch (error) {
    return failure(
      about,
      `no schedule: ${wordsOf(error)}`,
      'start a worker that takes notifications: it makes one',
    );
  }
}
