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

  /** Items of a person that are put off until after `from`, the next ones first: back by now, or still away. */
  snoozedAfter(tenantId: string, recipientId: string, from: Date, limit: number): Promise<NotificationRow[]> {
    return this.rows
      .find({ tenantId, recipientId, snoozedUntil: { $gt: from }, box: 'inbox' }, { projection: fields })
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
