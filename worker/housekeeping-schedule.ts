import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { HousekeepingInput } from '../contracts/housekeeping.js';
import { housekeepingId } from '../contracts/ids.js';
import { searchAttributes } from '../runtime/search-attributes.js';

/** Behind everything that somebody waits for. */
const PRIORITY = 5;

const times = { minute: { intervals: [{ every: '1 minute' as const }] } };

/**
 * Has Temporal start housekeeping every minute. One schedule for the deployment, however many workers start; one that an
 * operator has paused stays so. A time that is missed is not made up for: the next one does what it would have done.
 */
export async function scheduleHousekeeping(client: Client, taskQueue: string): Promise<void> {
  for (const what of Object.keys(times) as (keyof typeof times)[]) {
    const input: HousekeepingInput = { what };
    const scheduleId = housekeepingId(what);
    const schedule = {
      spec: times[what],
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' as const },
      action: {
        type: 'startWorkflow' as const,
        workflowType: 'housekeeping',
        workflowId: scheduleId,
        taskQueue,
        args: [input],
        staticSummary: `housekeeping of the ${what}`,
        priority: { priorityKey: PRIORITY },
        workflowExecutionTimeout: '10 minutes' as const,
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
