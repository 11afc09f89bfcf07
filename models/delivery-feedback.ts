import type { mongo } from 'mongoose';
import type { FailureReason } from '../contracts/errors.js';
import { finalDeliveryStatuses, type DeliveryStatus } from '../contracts/statuses.js';
import type { Deliveries } from './deliveries.js';
import type { DeliveryRow } from './delivery-schema.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** Nothing went out, whatever somebody says of it. */
const unsent: DeliveryStatus[] = ['skipped', 'cancelled', 'expired'];
const open = { $nin: [...finalDeliveryStatuses] };

/** A bounce, and which attempt it is of. */
export interface Bounce {
  failureReason: FailureReason;
  /** Who sent it: what another provider sent meanwhile has not bounced. */
  provider: string;
  /** The provider's own ID for what bounced, where it is told. */
  providerMessageId?: string | undefined;
}

/**
 * What became of deliveries after they went out, as providers and people tell. It may come in any order, before the send
 * itself was recorded too, and more than once: the earliest time of each kind stands, and a bounce is never taken back.
 * Each answers the row as it was before, or undefined where nothing changed.
 */
export class DeliveryFeedback {
  private readonly rows: Rows<DeliveryRow>;

  constructor(deliveries: Deliveries) {
    this.rows = rowsOf(deliveries.model);
  }

  /** It arrived. What was to be tried again is not, as nothing follows a delivery that has ended. */
  markDelivered(tenantId: string, deliveryId: string, at: Date): Promise<DeliveryRow | undefined> {
    return this.mark(
      tenantId,
      deliveryId,
      { status: { $nin: unsent }, ...notBefore('deliveredAt', at) },
      {
        deliveredAt: at,
        status: { $cond: [{ $eq: ['$status', 'bounced'] }, 'bounced', 'delivered'] },
      },
    );
  }

  /** It came back. One that was opened for new attempts bounces only by what has gone out since. */
  markBounced(
    tenantId: string,
    deliveryId: string,
    at: Date,
    { failureReason, provider, providerMessageId }: Bounce,
  ): Promise<DeliveryRow | undefined> {
    return this.mark(
      tenantId,
      deliveryId,
      {
        provider,
        $and: [
          notBefore('bouncedAt', at),
          {
            $or: [
              { status: { $in: ['sent', 'delivered', 'bounced', 'failed'] } },
              { status: open, round: { $exists: false } },
            ],
          },
          providerMessageId === undefined ? {} : { providerMessageId: { $in: [providerMessageId, null] } },
        ],
      } as mongo.Filter<DeliveryRow>,
      { status: 'bounced', bouncedAt: at, failureReason },
    );
  }

  /** Somebody looked at it. */
  markOpened(tenantId: string, deliveryId: string, at: Date): Promise<DeliveryRow | undefined> {
    return this.mark(tenantId, deliveryId, answered('openedAt', at), { openedAt: at });
  }

  /** Somebody followed a link of it, or pressed a button. */
  markClicked(tenantId: string, deliveryId: string, at: Date): Promise<DeliveryRow | undefined> {
    return this.mark(tenantId, deliveryId, answered('clickedAt', at), { clickedAt: at });
  }

  /** The person wrote back. */
  markReplied(tenantId: string, deliveryId: string, at: Date): Promise<DeliveryRow | undefined> {
    return this.mark(tenantId, deliveryId, answered('repliedAt', at), { repliedAt: at });
  }

  /** The latest delivery on a channel that went out to one of these people at this address, since `since`. */
  async latestTo(
    tenantId: string,
    {
      recipientIds,
      channel,
      targetHash,
    }: { recipientIds: string[] } & Pick<DeliveryRow, 'channel' | 'targetHash'>,
    since: Date,
  ): Promise<DeliveryRow | undefined> {
    const row = await this.rows.findOne(
      {
        tenantId,
        recipientId: { $in: recipientIds },
        createdAt: { $gte: since },
        channel,
        targetHash,
        sentAt: { $exists: true },
      },
      { sort: { createdAt: -1, _id: -1 }, hint: { tenantId: 1, recipientId: 1, createdAt: -1, _id: -1 } },
    );
    return row ?? undefined;
  }

  private async mark(
    tenantId: string,
    deliveryId: string,
    filter: mongo.Filter<DeliveryRow>,
    set: Record<string, unknown>,
  ): Promise<DeliveryRow | undefined> {
    const before = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, deliveryId), ...filter },
      [{ $set: { ...set, updatedAt: new Date() } }],
      { returnDocument: 'before' },
    );
    return before ?? undefined;
  }
}

type Time = 'deliveredAt' | 'bouncedAt' | 'openedAt' | 'clickedAt' | 'repliedAt';

/** Not told yet, or told with a later time. */
function notBefore(field: Time, at: Date): mongo.Filter<DeliveryRow> {
  return { [field]: { $not: { $lte: at } } };
}

function answered(field: Time, at: Date): mongo.Filter<DeliveryRow> {
  return { status: { $nin: unsent }, ...notBefore(field, at) };
}
