import type { Connection, Model } from 'mongoose';
import type { ChannelName } from '../contracts/channels.js';
import type { FailureReason } from '../contracts/errors.js';
import { failedDeliveryStatuses } from '../contracts/redelivery.js';
import { finalDeliveryStatuses, type DeliveryStatus } from '../contracts/statuses.js';
import { after, page, readCursor } from './cursor.js';
import { deliverySchema, MAX_ATTEMPTS, type Attempt, type DeliveryRow } from './delivery-schema.js';
import { between } from './notifications.js';
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

const open = { $nin: finalDeliveryStatuses };
/** A first attempt that was recorded, a failure included, is not made again. */
const unattempted = { $in: ['pending', 'sending'] satisfies DeliveryStatus[] };

/** Told by the provider: no end of an attempt takes it back. */
export const toldStatuses: readonly DeliveryStatus[] = ['delivered', 'bounced'];

const nothingNext = { nextAttemptAt: 1, turn: 1, parked: 1 } as const;

/** Rows as they are written now: what changed is looked for by when it was written, not by when it was decided. */
export function changedNow(rows: readonly DeliveryRow[]): DeliveryRow[] {
  const updatedAt = new Date();
  return rows.map((row) => ({ ...row, updatedAt }));
}

/**
 * The delivery log. A status changes in the named functions here, in `delivery-bulk.ts` and in `delivery-parking.ts`, and
 * nowhere else.
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

  /**
   * Claims a delivery for an attempt and answers its row as it was before: the ledger. A row that has ended is not
   * touched, nor one whose first attempt was recorded by another first attempt. The claim itself need not outlive a
   * crash of the database, so it does not wait for the journal.
   */
  async claim(tenantId: string, id: string, attempt: Attempt): Promise<DeliveryRow | undefined> {
    const row = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, id), status: attempt.kind === 'first' ? unattempted : open },
      {
        $set: { status: 'sending', updatedAt: attempt.at, provider: attempt.provider },
        $push: { attempts: { $each: [attempt], $slice: -MAX_ATTEMPTS } },
        $unset: nothingNext,
      },
      { returnDocument: 'before', writeConcern: { w: 1, j: false } },
    );
    return row ?? undefined;
  }

  /** An attempt whose end nobody recorded, found by the next one: the log says so. */
  async markInterrupted(tenantId: string, id: string, before: Date): Promise<void> {
    await this.model.updateOne(
      { _id: rowId(tenantId, id) },
      { $set: { 'attempts.$[cut].outcome': 'interrupted' } },
      { arrayFilters: [{ 'cut.outcome': 'started', 'cut.at': { $lt: before } }] },
    );
  }

  async markSent(
    tenantId: string,
    id: string,
    attempt: Attempt,
    receipt: { providerMessageId?: string; units?: number; retryCount: number },
  ): Promise<void> {
    await this.endAttempt(tenantId, id, attempt, {
      status: 'sent',
      provider: attempt.provider,
      sentAt: new Date(attempt.at.getTime() + (attempt.durationMs ?? 0)),
      retryCount: receipt.retryCount,
      ...(receipt.providerMessageId === undefined ? {} : { providerMessageId: receipt.providerMessageId }),
      ...(receipt.units === undefined ? {} : { units: receipt.units }),
    });
  }

  async markFailed(tenantId: string, id: string, attempt: Attempt, retryCount: number): Promise<void> {
    await this.endAttempt(tenantId, id, attempt, {
      status: 'failed',
      provider: attempt.provider,
      failureReason: attempt.failureReason,
      retryCount,
    });
  }

  async markRetrying(
    tenantId: string,
    id: string,
    attempt: Attempt,
    next: { retryCount: number; nextAttemptAt: Date },
  ): Promise<void> {
    await this.endAttempt(tenantId, id, attempt, {
      status: 'retrying',
      provider: attempt.provider,
      failureReason: attempt.failureReason,
      ...next,
    });
  }

  /** A provider's try has ended without deciding; the next one's, where there is one, begins at once. */
  async markBeside(tenantId: string, id: string, ended: Attempt, next?: Attempt): Promise<void> {
    const provider = next === undefined ? {} : { provider: next.provider };
    await this.endAttempt(tenantId, id, ended, { status: 'sending', ...provider });
    if (next === undefined) return;
    await this.rows.updateOne(
      { _id: rowId(tenantId, id), 'attempts.at': { $ne: next.at } },
      { $push: { attempts: { $each: [next], $slice: -MAX_ATTEMPTS } } },
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

  /** Ends a delivery whose last attempt was never seen to end. */
  async markAbandoned(tenantId: string, id: string, failureReason: FailureReason): Promise<void> {
    await this.markInterrupted(tenantId, id, new Date());
    await this.model.updateOne(
      { _id: rowId(tenantId, id), status: open },
      { $set: { status: 'failed', failureReason, updatedAt: new Date() }, $unset: nothingNext },
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
    const rows = await this.model
      .find({
        $and: [
          {
            tenantId,
            ...(filter.notification === undefined ? {} : { notificationId: filter.notification }),
            ...(filter.recipient === undefined ? {} : { recipientId: filter.recipient }),
            ...(filter.type === undefined ? {} : { type: filter.type }),
            ...(filter.status === undefined ? {} : { status: filter.status }),
            ...(filter.channel === undefined ? {} : { channel: filter.channel }),
            ...(filter.provider === undefined ? {} : { provider: filter.provider }),
            ...(filter.failureReason === undefined ? {} : { failureReason: filter.failureReason }),
          },
          between('createdAt', filter.from, filter.to),
          after('createdAt', readCursor(filter.cursor)),
        ],
      })
      .sort({ createdAt: -1, _id: -1 })
      .limit(filter.limit + 1)
      .lean<DeliveryRow[]>()
      .exec();
    return page(rows, filter.limit, (row) => row.createdAt, show);
  }

  /**
   * Writes the end of an attempt into its entry, found by its start, and the delivery's new state: unless the provider
   * was faster, and has told already what became of it.
   */
  private async endAttempt(
    tenantId: string,
    id: string,
    attempt: Attempt,
    state: Partial<DeliveryRow> & { status: DeliveryStatus },
  ): Promise<void> {
    const own = { arrayFilters: [{ 'own.at': attempt.at }] };
    const done = await this.rows.updateOne(
      { _id: rowId(tenantId, id), status: { $nin: [...toldStatuses] } },
      {
        $set: { ...state, 'attempts.$[own]': attempt, updatedAt: new Date() },
        ...(state.status === 'sent' ? { $unset: { failureReason: 1, nextAttemptAt: 1 } } : {}),
      },
      own,
    );
    if (done.matchedCount === 1) return;
    await this.rows.updateOne(
      { _id: rowId(tenantId, id), status: { $in: [...toldStatuses] } },
      { $set: { ...besideStatus(state), 'attempts.$[own]': attempt, updatedAt: new Date() } },
      own,
    );
  }
}

/** What a send leaves in the row beside its status; nothing of a try that did not succeed. */
export function besideStatus({
  status,
  sentAt,
  provider,
  providerMessageId,
  units,
  retryCount,
}: Partial<DeliveryRow>): Partial<DeliveryRow> {
  if (status !== 'sent') return {};
  const told = { sentAt, provider, providerMessageId, units, retryCount };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}
