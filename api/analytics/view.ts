import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { failureReasons } from '../../contracts/errors.js';

const count = z.number().int();
const rate = z.number().nullable();
const time = z.iso.datetime();

const latency = {
  p50: rate,
  p95: rate,
  p99: rate,
};

const breakdown = {
  sent: count,
  failed: count,
  success_rate: rate,
  average_latency_ms: rate,
  latency_ms: z.object(latency),
  open_rate: rate,
  click_rate: rate,
};

/** What `GET /v1/analytics` answers. A rate of nothing is null. */
export const analyticsView = z.object({
  from: time,
  to: time.describe('the period is whole quarters of an hour'),
  timezone: z.string().describe('of days and hours'),
  as_of: time
    .nullable()
    .describe('changes before this are in the figures; of what was triggered since, the newest are too'),
  total_sent: count,
  total_failed: count.describe('failed or bounced'),
  success_rate: rate.describe('of what was sent or failed'),
  average_latency_ms: rate.describe(
    'from the trigger, or the end of a wait that was asked for, until it was sent',
  ),
  latency_ms: z.object({
    ...latency,
    relative_error: z.number().describe('by which share of itself a percentile is off at most'),
  }),
  open_rate: rate.describe('of what was sent on channels that told of an open, and to the inbox'),
  click_rate: rate.describe('of what was sent on channels that told of a click'),
  channel_usage: z.partialRecord(channelName, count).describe('sent, by channel'),
  failure_patterns: z.array(
    z.object({
      failure_reason: z.enum(failureReasons),
      channel: channelName,
      provider: z.string(),
      count,
      share: z.number().describe('of all that failed'),
    }),
  ),
  activity_heatmap: z
    .array(z.array(count).length(24))
    .length(7)
    .describe('what was sent, by weekday from Monday on and by hour of the day, as it was triggered'),
  daily: z.array(
    z.object({
      date: z.iso.date(),
      sent: count,
      failed: count,
      opened: count,
      success_rate: rate,
      average_latency_ms: rate,
    }),
  ),
  channels: z.array(z.object({ channel: channelName, ...breakdown })),
  types: z.array(z.object({ type: z.string(), ...breakdown })),
  templates: z.array(
    z.object({
      template: z.string().describe('the ID of its version, or built_in'),
      channel: channelName,
      type: z.string(),
      ...breakdown,
    }),
  ),
  roles: z
    .array(z.object({ role: z.string(), ...breakdown }))
    .describe('who has several roles counts under each'),
});
