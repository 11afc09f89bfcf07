import { ScheduleAlreadyRunning, ScheduleNotFoundError, type ScheduleHandle } from '@temporalio/client';
import { CarillonError } from '../../contracts/errors.js';
import { scheduledWorkflowId, temporalScheduleId } from '../../contracts/ids.js';
import type { ScheduledInput } from '../../contracts/schedules.js';
import type { ScheduleRow } from '../../models/schedules.js';
import { searchAttributes } from '../../runtime/search-attributes.js';
import type { CommandDependencies } from '../dependencies.js';
import { withDeadline } from '../temporal-calls.js';
import { temporalPolicies, temporalSpec } from './times.js';

/** Has Temporal know the schedule as it is stored; one that it has already is changed, and stays paused if it was. */
export async function applySchedule(deps: CommandDependencies, row: ScheduleRow): Promise<void> {
  const { tenantId, id, type } = row;
  const place = { tenantId, scheduleId: id };
  const input: ScheduledInput = place;
  const what = {
    spec: temporalSpec(row),
    policies: temporalPolicies(row, Date.now()),
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'scheduled',
      workflowId: scheduledWorkflowId(place),
      taskQueue: deps.taskQueue,
      args: [input],
      staticSummary: `schedule ${id}: ${type}`,
      typedSearchAttributes: searchAttributes({
        CarillonTenant: tenantId,
        CarillonType: type,
        CarillonStatus: 'sending',
      }),
    },
  };
  const { schedule } = deps.client;
  try {
    await withDeadline(deps.client, () =>
      schedule.create({
        ...what,
        scheduleId: temporalScheduleId(place),
        typedSearchAttributes: searchAttributes({ CarillonTenant: tenantId, CarillonType: type }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await withDeadline(deps.client, () =>
      handleOf(deps, row).update(({ state }) => ({
        ...what,
        state,
        typedSearchAttributes: searchAttributes({ CarillonTenant: tenantId, CarillonType: type }),
      })),
    );
  }
}

/**
 * Calls Temporal about a schedule.
 * @throws CarillonError `conflict` where Temporal does not have it: a call that made it was cut off, or an operator
 * deleted it.
 */
export async function callSchedule<T>(
  deps: CommandDependencies,
  row: ScheduleRow,
  call: (handle: ScheduleHandle) => Promise<T>,
): Promise<T> {
  const found = await findSchedule(deps, row, call);
  if (found) return found.answer;
  throw new CarillonError('conflict', 'Temporal does not have this schedule: make or change it again');
}

/** Like {@link callSchedule}; undefined where Temporal does not have it. */
export async function findSchedule<T>(
  deps: CommandDependencies,
  row: ScheduleRow,
  call: (handle: ScheduleHandle) => Promise<T>,
): Promise<{ answer: T } | undefined> {
  try {
    return { answer: await withDeadline(deps.client, () => call(handleOf(deps, row))) };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

function handleOf({ client }: CommandDependencies, { tenantId, id }: ScheduleRow): ScheduleHandle {
  return client.schedule.getHandle(temporalScheduleId({ tenantId, scheduleId: id }));
}
