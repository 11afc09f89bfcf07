import type { Notifications } from './notifications.js';
import { kept } from './inbox-filter.js';
import type { NotificationRow } from './notification-schema.js';
import { rowsOf, type Rows } from './rows.js';

/** What an item is told from, and where it stands. */
const fields = { plan: 0, outcomes: 0, timeline: 0, requestHash: 0 } as const;

/** An item that ends its time: whose it is. */
export type Ending = Pick<NotificationRow, 'tenantId' | 'recipientId' | 'id'>;

/** The reads of open inboxes: what changed, and what time alone changes. */
export class InboxLive {
  private readonly rows: Rows<NotificationRow>;

  constructor(notifications: Notifications) {
    this.rows = rowsOf(notifications.model);
  }

  /** Rows of one tenant by their `_id`s, tombstones too. */
  find(tenantId: string, rowIds: readonly string[]): Promise<NotificationRow[]> {
    return this.rows.find({ _id: { $in: [...rowIds] }, tenantId }, { projection: fields }).toArray();
  }

  /** What changed of a person's items since then, tombstones too, the oldest change first. */
  changedSince(
    tenantId: string,
    recipientId: string,
    since: Date,
    limit: number,
  ): Promise<NotificationRow[]> {
    return this.rows
      .find(
        { tenantId, recipientId, box: { $exists: true }, updatedAt: { $gte: since } },
        { projection: fields },
      )
      .hint('changes_of_inbox')
      .sort({ updatedAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** When the next of a person's snoozed items is to be back, after this moment. */
  async nextWake(tenantId: string, recipientId: string, after: Date): Promise<Date | undefined> {
    const row = await this.rows.findOne(
      { tenantId, recipientId, snoozedUntil: { $gt: after } },
      { projection: { snoozedUntil: 1 }, sort: { snoozedUntil: 1 }, hint: 'snoozed' },
    );
    return row?.snoozedUntil;
  }

  /** Items of a person whose snooze ended after `from`, until `to`. */
  woken(
    tenantId: string,
    recipientId: string,
    from: Date,
    to: Date,
    limit: number,
  ): Promise<NotificationRow[]> {
    return this.rows
      .find(
        { tenantId, recipientId, snoozedUntil: { $gt: from, $lte: to }, box: 'inbox' },
        { projection: fields },
      )
      .hint('snoozed')
      .sort({ snoozedUntil: 1 })
      .limit(limit)
      .toArray();
  }

  /** Items whose time in the inbox ends from `from` until before `to`, of all tenants: housekeeping's own index. */
  ending(from: Date, to: Date, limit: number): Promise<Ending[]> {
    return this.rows
      .find(
        { purgeAt: { $gte: from, $lt: to }, box: { $in: kept } },
        { projection: { _id: 0, tenantId: 1, recipientId: 1, id: 1 } },
      )
      .hint({ purgeAt: 1 })
      .limit(limit)
      .toArray();
  }
}
