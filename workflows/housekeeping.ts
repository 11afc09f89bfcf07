import { proxyLocalActivities } from '@temporalio/workflow';
import type { HousekeepingInput, HousekeepingResult } from '../contracts/housekeeping.js';
import type { HousekeepingActivities } from './activity-types.js';
import { minutePolicy } from './retry-policies.js';

const { rollUp } = proxyLocalActivities<HousekeepingActivities>(minutePolicy);

/**
 * What nobody asks for and has to be done, once a minute: brings the figures up to date. Started by a schedule; typed by
 * hand, it does the same once more, which is harmless.
 */
export async function housekeeping(_input?: HousekeepingInput): Promise<HousekeepingResult> {
  return rollUp();
}
