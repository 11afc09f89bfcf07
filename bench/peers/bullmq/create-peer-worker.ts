import { Worker } from 'bullmq';
import type { ActivityDependencies } from '../../../activities/dependencies.js';
import { queueName, type PeerJob } from './queue.js';
import { sendToOne, TryAgain } from './send-to-one.js';

/** A worker of the queue, which `run` starts. What fails for good is logged; what is tried again is in the log of mails. */
export function createPeerWorker(
  deps: ActivityDependencies,
  { port, concurrency }: { port: number; concurrency: number },
): Worker<PeerJob> {
  const never = new AbortController();
  const worker = new Worker<PeerJob>(queueName, (job) => sendToOne(deps, job.data, never.signal), {
    connection: { host: '127.0.0.1', port, maxRetriesPerRequest: null },
    concurrency,
    autorun: false,
  });
  worker.on('error', (error) => deps.log.error({ err: error }, 'queue error'));
  worker.on('failed', (job, error) => {
    if (!(error instanceof TryAgain)) deps.log.error({ jobId: job?.id, err: error }, 'job failed');
  });
  return worker;
}
