import type { Model, mongo } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import type { ChannelOutcome, ChannelOutcomes } from '../contracts/outcomes.js';
import type { ChannelDecision } from '../contracts/plan.js';
import { notificationStatuses, type NotificationStatus } from '../contracts/statuses.js';
import type { NotificationRow, TimelineEntry } from './notification-schema.js';
import { writtenNow, type Notifications } from './notifications.js';
import { endChannels } from './notification-status.js';
import { duplicatesOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** How a notification of a broadcast ended that nobody else writes to yet. */
export interface BulkEnd {
  id: string;
  channel: ChannelName;
  outcome: ChannelOutcome;
  status: NotificationStatus;
  entry: TimelineEntry;
  /** What was decided for the channel in the end, where that differs from the plan. */
  decision?: ChannelDecision;
}

/** What decides whether a collected notification is still to be told of. */
export type Standing = Pick<NotificationRow, 'readAt' | 'deletedAt' | 'expiresAt' | 'onlyTopics'>;

/** A broadcast's writes and reads, many notifications at once. */
export class NotificationBulk {
  private readonly model: Model<NotificationRow>;
  private readonly rows: Rows<NotificationRow>;

  constructor(notifications: Notifications) {
    this.model = notifications.model;
    this.rows = rowsOf(this.model);
  }

  /** Stores first plans. Answers the IDs of those that are there already, which stay as they are. */
  async insert(rows: NotificationRow[]): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    try {
      await this.rows.insertMany(rows.map(writtenNow), { ordered: false });
      return new Set();
    } catch (error) {
      const duplicates = duplicatesOf(error);
      if (!duplicates) throw error;
      return new Set(duplicates.map((at) => rows[at]?.id ?? ''));
    }
  }

  /** Marks how each one's only open channel ended, with the status that follows from it. */
  async markEnded(tenantId: string, ends: readonly BulkEnd[]): Promise<void> {
    if (ends.length === 0) return;
    const now = new Date();
    await this.rows.bulkWrite(
      ends.map(({ id, ...ended }): mongo.AnyBulkWriteOperation<NotificationRow> => ({
        updateOne: { filter: { _id: rowId(tenantId, id) }, update: endChannel(ended, now) },
      })),
      { ordered: false },
    );
  }

  /** Marks how channels of each ended; the status follows. Harmless when repeated, but for the timelines' entries. */
  async endChannels(
    tenantId: string,
    ends: readonly {
      id: string;
      outcomes: ChannelOutcomes;
      entry: TimelineEntry;
    }[],
  ): Promise<void> {
    if (ends.length === 0) return;
    const now = new Date();
    await this.rows.bulkWrite(
      ends.map(({ id, outcomes, entry }): mongo.AnyBulkWriteOperation<NotificationRow> => ({
        updateOne: { filter: { _id: rowId(tenantId, id) }, update: endChannels(outcomes, [entry], now) },
      })),
      { ordered: false },
    );
  }

  /** Whether each of these was read or retracted, and when it expires. Who is gone is not in it. */
  async standing(tenantId: string, ids: readonly string[]): Promise<Map<string, Standing>> {
    if (ids.length === 0) return new Map();
    const rows = await this.rows
      .find(
        { _id: { $in: ids.map((id) => rowId(tenantId, id)) } },
        { projection: { id: 1, readAt: 1, deletedAt: 1, expiresAt: 1, onlyTopics: 1 } },
      )
      .toArray();
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The status of each of these. */
  async statuses(tenantId: string, ids: readonly string[]): Promise<Map<string, NotificationStatus>> {
    if (ids.length === 0) return new Map();
    const rows = await this.rows
      .find({ _id: { $in: ids.map((id) => rowId(tenantId, id)) } }, { projection: { id: 1, status: 1 } })
      .toArray();
    return new Map(rows.map((row) => [row.id, row.status]));
  }

  /** How many of a broadcast's notifications have each status; answered from the index. */
  async countByStatus(tenantId: string, broadcastId: string): Promise<Map<NotificationStatus, number>> {
    const groups = await this.rows
      .aggregate<{ _id: NotificationStatus; count: number }>(
        [{ $match: { tenantId, broadcastId } }, { $group: { _id: '$status', count: { $sum: 1 } } }],
        { hint: 'of_broadcast' },
      )
      .toArray();
    return new Map(groups.map((group) => [group._id, group.count]));
  }

  /** A broadcast's notifications of some statuses, in pages by ID. */
  async ofBroadcast(
    tenantId: string,
    broadcastId: string,
    query: { statuses?: readonly NotificationStatus[]; afterId?: string; limit: number },
  ): Promise<
    Pick<NotificationRow, '_id' | 'id' | 'recipientId' | 'status' | 'updatedAt' | 'plan' | 'outcomes'>[]
  > {
    return this.rows
      .find(
        {
          tenantId,
          broadcastId,
          // One range of the index for each, merged in the order of IDs.
          status: { $in: [...(query.statuses ?? notificationStatuses)] },
          ...(query.afterId === undefined ? {} : { _id: { $gt: query.afterId } }),
        },
        { projection: { id: 1, recipientId: 1, status: 1, updatedAt: 1, plan: 1, outcomes: 1 } },
      )
      .sort({ _id: 1 })
      .limit(query.limit)
      .toArray();
  }
}

function endChannel(
  { channel, outcome, status, entry, decision }: Omit<BulkEnd, 'id'>,
  now: Date,
): mongo.UpdateFilter<NotificationRow> {
  return {
    $set: {
      [`outcomes.${channel}`]: outcome,
      ...(decision === undefined ? {} : { [`plan.channels.${channel}`]: decision }),
      status,
      updatedAt: now,
    },
    $push: { timeline: entry },
    ...(status === 'sending' ? {} : { $unset: { waiting: 1 as const } }),
  };
}
