import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { HousekeepingInput } from '../contracts/housekeeping.js';
import { housekeepingId } from '../contracts/ids.js';
import { searchAttributes } from '../runtime/search-attributes.js';

/** Behind everything that somebody waits for. */
const PRIORITY = 5;

/** The day's part when most are quiet: 03:20 UTC. */
const times = {
  minute: { intervals: [{ every: '1 minute' as const }] },
  day: { calendars: [{ hour: 3, minute: 20 }] },
};
/** A run that hangs is ended: the day's part may have much to remove. */
const longest = { minute: '10 minutes', day: '20 hours' } as const;
/** How late a time that was missed, since Temporal was away, is still made up for. */
const catchUp = { minute: '1 minute', day: '1 day' } as const;

/**
 * Has Temporal start housekeeping every minute, and once a day its daily part. One schedule each for the deployment, however
 * many workers start; one that an operator has paused stays so. A minute that is missed is not made up for: the next one does
 * what it would have done.
 */
export async function scheduleHousekeeping(client: Client, taskQueue: string): Promise<void> {
  for (const what of Object.keys(times) as (keyof typeof times)[]) {
    const input: HousekeepingInput = { what };
    const scheduleId = housekeepingId(what);
    const schedule = {
      spec: times[what],
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchUp[what] },
      action: {
        type: 'startWorkflow' as const,
        workflowType: 'housekeeping',
        workflowId: scheduleId,
        taskQueue,
        args: [input],
        staticSummary: `housekeeping of the ${what}`,
        priority: { priorityKey: PRIORITY },
        workflowExecutionTimeout: longest[what],
        typedSearchAttributes: searchAttributes({ CarillonType: 'housekeeping', CarillonStatus: 'sending' }),
      },
    };
    try {
      await client.schedule.create({ ...schedule, scheduleId });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...schedule, state }));
    }
  }
}
