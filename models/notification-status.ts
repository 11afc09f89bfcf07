import type { ChannelOutcome, ChannelOutcomes } from '../contracts/outcomes.js';
import { runningNotificationStatuses } from '../contracts/statuses.js';
import { MAX_TIMELINE, type TimelineEntry } from './notification-schema.js';

const ended = { $map: { input: { $objectToArray: { $ifNull: ['$outcomes', {}] } }, in: '$$this.v' } };
const has = (outcome: ChannelOutcome) => ({ $in: [outcome, '$$ended'] });

/** `contracts/outcomes.ts`, `statusOf`, in MongoDB's words. A test compares the two for every combination. */
const statusOfOutcomes = {
  $let: {
    vars: { ended },
    in: {
      $switch: {
        branches: [
          { case: has('open'), then: { $cond: [{ $eq: ['$status', 'held'] }, 'held', 'sending'] } },
          { case: has('digesting'), then: 'digesting' },
          { case: has('cancelled'), then: 'cancelled' },
          {
            case: has('sent'),
            then: { $cond: [{ $or: [has('failed'), has('expired')] }, 'partial', 'sent'] },
          },
          { case: has('failed'), then: 'failed' },
          { case: has('expired'), then: 'expired' },
          { case: has('acknowledged'), then: 'sent' },
        ],
        default: 'suppressed',
      },
    },
  },
};

/**
 * An update pipeline that sets how channels ended, and with it the notification's status, in one atomic write: two
 * deliveries that end at the same moment cannot overwrite each other's share.
 */
export function endChannels(
  outcomes: ChannelOutcomes,
  entries: TimelineEntry[],
  now: Date,
): Record<string, unknown>[] {
  return [
    {
      $set: {
        ...Object.fromEntries(
          Object.entries(outcomes).map(([channel, outcome]) => [`outcomes.${channel}`, outcome]),
        ),
        timeline: { $slice: [{ $concatArrays: ['$timeline', { $literal: entries }] }, -MAX_TIMELINE] },
        updatedAt: now,
      },
    },
    { $set: { status: statusOfOutcomes } },
    {
      $set: {
        waiting: {
          $cond: [
            { $or: [{ $in: ['$status', runningNotificationStatuses] }, '$escalation.nextAt'] },
            true,
            '$$REMOVE',
          ],
        },
        heldUntil: { $cond: [{ $eq: ['$status', 'held'] }, '$heldUntil', '$$REMOVE'] },
      },
    },
  ];
}
