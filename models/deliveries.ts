import type { Connection, Model } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import type { FailureReason } from '../contracts/errors.js';
import { failedDeliveryStatuses } from '../contracts/redelivery.js';
import { finalDeliveryStatuses, type DeliveryStatus } from '../contracts/statuses.js';
import { deliverySchema, type DeliveryRow } from './delivery-schema.js';
import { newestPage } from './newest-page.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

export interface DeliveryFilter {
  notification?: string;
  recipient?: string;
  type?: string;
  status?: DeliveryStatus;
  channel?: ChannelName;
  provider?: string;
  failureReason?: FailureReason;
  from?: Date;
  to?: Date;
  limit: number;
  cursor?: string;
}

/** Of a delivery that has not ended. */
export const open = { $nin: finalDeliveryStatuses };

/** What no further attempt leaves in a row. */
export const nothingNext = { nextAttemptAt: 1, turn: 1, parked: 1 } as const;

/** Rows as they are written now: what changed is looked for by when it was written, not by when it was decided. */
export function changedNow(rows: readonly DeliveryRow[]): DeliveryRow[] {
  const updatedAt = new Date();
  return rows.map((row) => ({ ...row, updatedAt }));
}

/**
 * The delivery log. A status changes in the named functions here, in `delivery-attempts.ts`, in `delivery-bulk.ts`, in
 * `delivery-feedback.ts` and in `delivery-parking.ts`, and nowhere else.
 */
export class Deliveries {
  readonly model: Model<DeliveryRow>;
  private readonly rows: Rows<DeliveryRow>;

  constructor(connection: Connection) {
    this.model = connection.model<DeliveryRow>('Delivery', deliverySchema);
    this.rows = rowsOf(this.model);
  }

  /** Inserts the rows of a plan that was stored just now, so that none is there yet. */
  async insert(rows: DeliveryRow[]): Promise<void> {
    if (rows.length > 0) await this.rows.insertMany(changedNow(rows), { ordered: false });
  }

  /** Inserts the rows that are not there yet; those that are stay as they are. */
  async insertMissing(rows: DeliveryRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.rows.bulkWrite(
      changedNow(rows).map(({ _id, ...row }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
      })),
      { ordered: false },
    );
  }

  /** Brings rows that have not been attempted in line with a newer plan. */
  async replan(rows: DeliveryRow[]): Promise<void> {
    await this.insertMissing(rows);
    if (rows.length === 0) return;
    await this.model.bulkWrite(
      rows.map(({ _id, status, reason, provider, target, targetHash, purgeAt, ...row }) => ({
        updateOne: {
          filter: { _id, status: { $in: ['pending', 'skipped'] as DeliveryStatus[] } },
          update: {
            $set: {
              status,
              provider,
              target,
              targetHash,
              purgeAt,
              updatedAt: new Date(),
              ...(row.dueAt === undefined ? {} : { dueAt: row.dueAt }),
              ...(row.template === undefined ? {} : { template: row.template }),
              ...(reason === undefined ? {} : { reason }),
              // The inbox's: this plan delivered it.
              ...(row.attempts.length > 0 ? { attempts: row.attempts } : {}),
              ...(row.sentAt === undefined ? {} : { sentAt: row.sentAt }),
              ...(row.failureReason === undefined ? {} : { failureReason: row.failureReason }),
            },
            ...(reason === undefined ? { $unset: { reason: 1 as const } } : {}),
          },
        },
      })),
      { ordered: false },
    );
  }

  /** Puts off the next attempt at an open delivery. */
  async markHeld(tenantId: string, id: string, until: Date): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: open },
      { $set: { nextAttemptAt: until, updatedAt: new Date() } },
    );
  }

  /** Puts off the next attempt at an open delivery until its turn, where one could be reserved. */
  async markWaitingForTurn(tenantId: string, id: string, turn: DeliveryRow['turn']): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: open },
      {
        $set: { updatedAt: new Date(), ...(turn ? { nextAttemptAt: turn.at, turn } : {}) },
        ...(turn ? {} : { $unset: nothingNext }),
      },
    );
  }

  /** Ends all of a notification's deliveries that have not ended. */
  async endOpen(
    tenantId: string,
    notificationId: string,
    status: 'cancelled',
    reason: string,
  ): Promise<void> {
    await this.model.updateMany(
      { tenantId, notificationId, status: open },
      { $set: { status, reason, updatedAt: new Date() }, $unset: nothingNext },
    );
  }

  /** Ends one delivery that will not be attempted (again). */
  async markNotSent(
    tenantId: string,
    id: string,
    status: 'skipped' | 'expired' | 'cancelled',
    reason: string,
  ): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: open },
      { $set: { status, reason, updatedAt: new Date() }, $unset: nothingNext },
    );
  }

  /**
   * Opens a delivery that has failed for a new round of attempts. A round opens it once: the same again answers `false`,
   * as does a delivery that has not failed.
   */
  async reopen(
    tenantId: string,
    id: string,
    { round, redriveId, purgeAt }: { round: string; redriveId?: string; purgeAt: Date },
  ): Promise<boolean> {
    const done = await this.rows.updateOne(
      { _id: rowId(tenantId, id), status: { $in: [...failedDeliveryStatuses] }, round: { $ne: round } },
      {
        $set: {
          status: 'pending',
          round,
          retryCount: 0,
          updatedAt: new Date(),
          'attempts.$[].earlier': true,
          ...(redriveId === undefined ? {} : { 'redrive.state': 'opened' }),
        },
        $max: { purgeAt },
        $unset: { failureReason: 1, reason: 1, deliveredAt: 1, bouncedAt: 1, ...nothingNext },
      },
    );
    return done.modifiedCount === 1;
  }

  async find(tenantId: string, id: string): Promise<DeliveryRow | undefined> {
    const row = await this.model.findById(rowId(tenantId, id)).lean<DeliveryRow>().exec();
    return row ?? undefined;
  }

  async ofNotification(tenantId: string, notificationId: string): Promise<DeliveryRow[]> {
    return this.model.find({ tenantId, notificationId }).sort({ _id: 1 }).lean<DeliveryRow[]>().exec();
  }

  /** Newest first. */
  async list<Item>(tenantId: string, filter: DeliveryFilter, show: (row: DeliveryRow) => Item) {
    const { notification, recipient, type, status, channel, provider, failureReason } = filter;
    const where = {
      tenantId,
      notificationId: notification,
      recipientId: recipient,
      type,
      status,
      channel,
      provider,
      failureReason,
    };
    return newestPage(this.rows, 'createdAt', where, filter, show);
  }
}
