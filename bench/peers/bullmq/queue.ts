import type { DefaultJobOptions } from 'bullmq';
import type { BroadcastMessage } from '../../../contracts/broadcasts.js';
import { channelRetry } from '../../../workflows/retry-policies.js';

export const queueName = 'peer-emails';

/** One recipient of a message to many. What it says travels with the job, so that no job has to look it up. */
export interface PeerJob {
  tenantId: string;
  broadcastId: string;
  startedAtMs: number;
  recipientId: string;
  message: BroadcastMessage;
}

const { retries, initialMs } = channelRetry('email');

/** As often and as patiently as Carillon tries an email; a job that is done leaves nothing behind in Redis. */
export const jobOptions: DefaultJobOptions = {
  attempts: retries + 1,
  backoff: { type: 'exponential', delay: initialMs },
  removeOnComplete: true,
};
