import type { NotificationRow } from './notification-schema.js';
import { READ } from './notification-schema.js';
import type { Notifications } from './notifications.js';
import { rowsOf, type Rows } from './rows.js';

/** What was read in people's inboxes when. */
export class InboxReads {
  private readonly rows: Rows<NotificationRow>;

  constructor(notifications: Notifications) {
    this.rows = rowsOf(notifications.model);
  }

  /** Items first read from `from` on, in the order of time, in portions. */
  async *since(
    tenantId: string,
    from: Date,
    portion: number,
  ): AsyncGenerator<{ id: string; readAt: Date }[], void, void> {
    const cursor = this.rows
      .find({ tenantId, readAt: { $gte: from } }, { projection: { _id: 0, id: 1, readAt: 1 } })
      .hint(READ)
      .sort({ readAt: 1 })
      .batchSize(portion);
    let reads: { id: string; readAt: Date }[] = [];
    try {
      for await (const { id, readAt = from } of cursor) {
        reads.push({ id, readAt });
        if (reads.length < portion) continue;
        yield reads;
        reads = [];
      }
      if (reads.length > 0) yield reads;
    } finally {
      await cursor.close();
    }
  }
}
