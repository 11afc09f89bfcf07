import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { HousekeepingInput, HousekeepingResult } from '../contracts/housekeeping.js';
import type { HousekeepingActivities } from './activity-types.js';
import { dailyPolicy, minutePolicy } from './retry-policies.js';

const { rollUp } = proxyLocalActivities<HousekeepingActivities>(minutePolicy);
const { purge } = proxyActivities<HousekeepingActivities>(dailyPolicy);

/**
 * What nobody asks for and has to be done: once a minute the figures are brought up to date, once a day what is past its time
 * is removed. Started by two schedules; typed by hand, it does the minute's part once more, or the day's where it is told so,
 * which is harmless.
 */
export async function housekeeping(input?: HousekeepingInput): Promise<HousekeepingResult> {
  return input?.what === 'day' ? purge() : rollUp();
}
