import type { DeliveryStatus, NotificationStatus } from '../contracts/statuses.js';
import type { Deliveries } from './deliveries.js';
import type { Notifications } from './notifications.js';

/** Each count stops here: whoever looks needs to know that it is many, not how many. */
export const BACKLOG_CAP = 10_000;

const waitingNotifications = ['held', 'digesting', 'sending'] as const satisfies NotificationStatus[];
const waitingDeliveries = ['retrying', 'parked'] as const satisfies DeliveryStatus[];

/** How much of a tenant's waits, by status. Served by the lists' indexes by status, of which it reads no row. */
export class Backlog {
  constructor(
    private readonly notifications: Notifications,
    private readonly deliveries: Deliveries,
  ) {}

  /** Each at most {@link BACKLOG_CAP}. */
  async count(tenantId: string) {
    const [held, digesting, sending] = await Promise.all(
      waitingNotifications.map((status) =>
        this.notifications.model.countDocuments({ tenantId, status }, { limit: BACKLOG_CAP }),
      ),
    );
    const [retrying, parked] = await Promise.all(
      waitingDeliveries.map((status) =>
        this.deliveries.model.countDocuments({ tenantId, status }, { limit: BACKLOG_CAP }),
      ),
    );
    return {
      notifications: { held: held ?? 0, digesting: digesting ?? 0, sending: sending ?? 0 },
      deliveries: { retrying: retrying ?? 0, parked: parked ?? 0 },
    };
  }
}
