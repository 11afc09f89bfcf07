import type { ScheduleDescription } from '@temporalio/client';
import { z } from 'zod';
import { overlaps, scheduleCalendar } from '../../contracts/schedules.js';
import type { ScheduleRow, ScheduleTimes } from '../../models/schedules.js';
import type { ApiDependencies } from '../dependencies.js';
import { findSchedule } from '../../commands/schedules/temporal.js';
import { iso } from './time.js';

const time = z.iso.datetime();
const NEXT_SHOWN = 5;

export const scheduleView = z.object({
  id: z.string(),
  name: z.string(),
  /** `ended` has no time left; `missing` is not known to Temporal: make or change it again. */
  status: z.enum(['active', 'paused', 'ended', 'missing']),
  /** Why it is paused, as whoever paused it said. */
  note: z.string().nullable(),
  cron: z.string().nullable(),
  calendar: scheduleCalendar.nullable(),
  timezone: z.string(),
  /** Seconds. */
  jitterSeconds: z.number(),
  startAt: time.nullable(),
  endAt: time.nullable(),
  overlap: z.enum(overlaps),
  sends: z.enum(['trigger', 'broadcast']),
  type: z.string(),
  /** With its jitter. */
  nextRuns: z.array(time),
  /** Newest first. */
  lastRuns: z.array(
    z.object({
      at: time,
      startedAt: time,
      notificationId: z.string().nullable(),
      broadcastId: z.string().nullable(),
    }),
  ),
  /** Times that were left out because the run of an earlier one went on. */
  skipped: z.number().int(),
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
});

/** A schedule as the API shows it, with what Temporal says of it. */
export async function showSchedule(
  deps: ApiDependencies,
  row: ScheduleRow,
): Promise<z.output<typeof scheduleView>> {
  const known = (await findSchedule(deps, row, (handle) => handle.describe()))?.answer;
  const times = JSON.parse(row.times) as ScheduleTimes;
  const status = statusOf(known);
  return {
    id: row.id,
    name: row.name,
    status,
    note: (status === 'paused' ? known?.state.note : undefined) ?? null,
    cron: 'cron' in times ? times.cron : null,
    calendar: 'calendar' in times ? times.calendar : null,
    timezone: row.timezone,
    jitterSeconds: row.jitterMs / 1000,
    startAt: iso(row.startAt),
    endAt: iso(row.endAt),
    overlap: row.overlap,
    sends: row.sends,
    type: row.type,
    nextRuns:
      status === 'active'
        ? (known?.info.nextActionTimes ?? []).slice(0, NEXT_SHOWN).map((at) => at.toISOString())
        : [],
    lastRuns: row.runs
      .map((run) => ({
        at: run.at.toISOString(),
        startedAt: run.startedAt.toISOString(),
        notificationId: run.notificationId ?? null,
        broadcastId: run.broadcastId ?? null,
      }))
      .reverse(),
    skipped: known?.info.numActionsSkippedOverlap ?? 0,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function statusOf(known: ScheduleDescription | undefined): z.output<typeof scheduleView>['status'] {
  if (!known) return 'missing';
  if (known.state.paused) return 'paused';
  return known.info.nextActionTimes.length > 0 ? 'active' : 'ended';
}
