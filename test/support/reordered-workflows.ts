import { sleep } from '@temporalio/workflow';
import type { NotificationInput, NotificationResult } from '../../contracts/notification-run.js';
import { notification as real } from '../../workflows/notification.js';

/** The workflow with one command more, ahead of its own: what a replay must not let pass. */
export async function notification(input: NotificationInput): Promise<NotificationResult> {
  await sleep(1);
  return real(input);
}
