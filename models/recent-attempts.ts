import type { ChannelName } from '../contracts/channels.js';
import type { Deliveries } from './deliveries.js';
import type { Attempt, DeliveryRow } from './delivery-schema.js';
import { rowsOf, type Rows } from './rows.js';

/** The newest of these many deliveries of a channel are looked at: a bounded read, whatever was sent. */
export const RECENT_DELIVERIES = 200;

/** The delivery log, as it tells how a channel's providers do of late. */
export class RecentAttempts {
  private readonly rows: Rows<DeliveryRow>;

  constructor(deliveries: Deliveries) {
    this.rows = rowsOf(deliveries.model);
  }

  /** All that have ended of the channel's {@link RECENT_DELIVERIES} newest deliveries, the latest first. */
  async ofChannel(tenantId: string, channel: ChannelName): Promise<Attempt[]> {
    const rows = await this.rows
      .find({ tenantId, channel }, { projection: { attempts: 1 } })
      .hint({ tenantId: 1, channel: 1, createdAt: -1, _id: -1 })
      .sort({ createdAt: -1, _id: -1 })
      .limit(RECENT_DELIVERIES)
      .toArray();
    return rows
      .flatMap(({ attempts }) => attempts)
      .filter(({ outcome }) => outcome === 'sent' || outcome === 'failed')
      .sort((one, other) => other.at.getTime() - one.at.getTime());
  }
}
