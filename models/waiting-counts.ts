import type { Deliveries } from './deliveries.js';
import { PARKED, type DeliveryRow } from './delivery-schema.js';
import { WAITING, type NotificationRow } from './notification-schema.js';
import type { Notifications } from './notifications.js';
import { rowsOf, type Rows } from './rows.js';

/** Counts of a whole deployment stop here: past it what matters is that it is much. */
export const WAITING_CAP = 100_000;

export interface Waiting {
  held: number;
  digesting: number;
  parked: number;
}

/**
 * What waits, of all tenants together or of one. All tenants' is counted from two partial indexes that hold nothing but
 * what waits: reading 100,000 keys of one takes 150 ms (measured), and none is read beyond that.
 */
export class WaitingCounts {
  private readonly notifications: Rows<NotificationRow>;
  private readonly deliveries: Rows<DeliveryRow>;

  constructor(notifications: Notifications, deliveries: Deliveries) {
    this.notifications = rowsOf(notifications.model);
    this.deliveries = rowsOf(deliveries.model);
  }

  async ofAll(): Promise<Waiting> {
    const withStatus = (status: 'held' | 'digesting') =>
      this.notifications.countDocuments({ status }, { hint: WAITING, limit: WAITING_CAP });
    const [held, digesting, parked] = await Promise.all([
      withStatus('held'),
      withStatus('digesting'),
      this.deliveries.countDocuments(
        { 'parked.provider': { $exists: true } },
        { hint: PARKED, limit: WAITING_CAP },
      ),
    ]);
    return { held, digesting, parked };
  }

  async of(tenantId: string): Promise<Waiting> {
    const withStatus = (status: 'held' | 'digesting') =>
      this.notifications.countDocuments({ tenantId, status }, { limit: WAITING_CAP });
    const [held, digesting, parked] = await Promise.all([
      withStatus('held'),
      withStatus('digesting'),
      this.deliveries.countDocuments(
        { tenantId, 'parked.provider': { $exists: true } },
        { hint: PARKED, limit: WAITING_CAP },
      ),
    ]);
    return { held, digesting, parked };
  }
}
