import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { Decision } from '../contracts/notification-run.js';
import { statusOf } from '../contracts/outcomes.js';
import type { RedeliveryInput, RedeliveryResult } from '../contracts/redelivery.js';
import type { Amendment } from '../contracts/trigger.js';
import { amendUpdate } from './messages.js';
import { listen } from './requests.js';
import { showStatus } from './visibility.js';

/**
 * New attempts at deliveries of a notification whose run has ended, under that run's ID: so whoever cancels, expedites
 * or acknowledges the notification reaches them. Each comes with a `redeliver` signal, the first one with the start.
 */
export async function redelivery(_input: RedeliveryInput): Promise<RedeliveryResult> {
  const requests = listen();
  return CancellationScope.nonCancellable(async () => {
    setHandler(amendUpdate, refuse, { validator: refuse });
    await condition(allHandlersFinished);
    const channels = requests.redelivered ?? {};
    if (requests.redelivered) {
      const status = statusOf(channels);
      setCurrentDetails(status);
      showStatus(status);
    }
    return { channels };
  });
}

function refuse(_amendment: Amendment): Decision {
  throw ApplicationFailure.nonRetryable('it is being delivered again', 'too_late');
}
