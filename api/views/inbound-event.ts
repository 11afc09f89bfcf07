import { z } from 'zod';
import { errorStatus, type ErrorCode } from '../../contracts/errors.js';
import {
  eventStatuses,
  eventWays,
  refusals,
  stepStatuses,
  type StepOutcome,
} from '../../contracts/inbound-events.js';
import type { InboundEventRow } from '../../models/inbound-events.js';

const stepView = z.object({
  rule: z.string(),
  do: z.string(),
  status: z.enum(stepStatuses),
  notificationId: z.string().optional(),
  broadcastId: z.string().optional(),
  count: z.number().int().optional().describe('how many were cancelled or withdrawn'),
  error: z
    .object({
      code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]),
      detail: z.string(),
      errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    })
    .optional(),
});

export const eventView = z.object({
  id: z.string(),
  via: z.enum(eventWays),
  source: z.string(),
  status: z.enum(eventStatuses),
  reason: z.enum(refusals).nullable().describe('why the event as such was refused'),
  at: z.iso.datetime().describe('when it happened, as far as it says'),
  receivedAt: z.iso.datetime(),
  position: z
    .object({ topic: z.string(), partition: z.number().int(), offset: z.string() })
    .nullable()
    .describe('where it stands in Kafka'),
  repeats: z.number().int().describe('how often it came again, and led to nothing'),
  replayOf: z.string().nullable(),
  steps: z.array(stepView).describe('what its rules asked for, and what came of each'),
});

export const eventFullView = eventView.extend({
  event: z.record(z.string(), z.unknown()),
  headers: z.record(z.string(), z.string()),
  key: z.string().nullable(),
});

/** An event as lists show it: without what it says. */
export function showEvent(row: InboundEventRow): z.output<typeof eventView> {
  return {
    id: row.id,
    via: row.via,
    source: row.source,
    status: row.status,
    reason: row.reason ?? null,
    at: row.at.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    position: row.position ?? null,
    repeats: row.repeats,
    replayOf: row.replayOf ?? null,
    steps: JSON.parse(row.steps) as StepOutcome[],
  };
}
