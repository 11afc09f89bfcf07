import type { NotificationRow } from './notification-schema.js';
import type { Notifications } from './notifications.js';

const BATCH = 200;

/** Notifications whose runs are not over: what has to be started anew where Temporal lost them. */
export class WaitingRuns {
  constructor(private readonly notifications: Notifications) {}

  /** All of a tenant, person by person. Rows that are written meanwhile may be missed: their runs were started just now. */
  of(tenantId: string): AsyncIterable<NotificationRow> {
    return this.notifications.model
      .find({ tenantId, waiting: true })
      .hint('waiting_of_person')
      .batchSize(BATCH)
      .lean<NotificationRow>()
      .cursor();
  }

  /** How many there are, at most `limit`. */
  async count(tenantId: string, limit: number): Promise<number> {
    return this.notifications.model.countDocuments(
      { tenantId, waiting: true },
      { hint: 'waiting_of_person', limit },
    );
  }
}
