import type { FailureReason } from '../contracts/errors.js';
import { changedNow, type Deliveries } from './deliveries.js';
import { besideStatus, toldStatuses } from './delivery-attempts.js';
import type { Attempt, DeliveryRow } from './delivery-schema.js';
import { duplicatesOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** How the first attempt at a delivery ended; `pending` when none was made after all. */
export interface BulkAttempt {
  id: string;
  /** All of it, in order: the one that decided, and those of other providers beside it. */
  attempts: Attempt[];
  /** The one whose attempt decided. */
  provider: string;
  status: 'sent' | 'failed' | 'retrying' | 'pending';
  providerMessageId?: string;
  units?: number;
  failureReason?: FailureReason;
  nextAttemptAt?: Date;
}

/** The delivery log's writes for many recipients at once. */
export class DeliveryBulk {
  private readonly rows: Rows<DeliveryRow>;

  constructor(deliveries: Deliveries) {
    this.rows = rowsOf(deliveries.model);
  }

  /** Inserts rows; those that are there already stay as they are. */
  async insert(rows: DeliveryRow[]): Promise<void> {
    if (rows.length === 0) return;
    try {
      await this.rows.insertMany(changedNow(rows), { ordered: false });
    } catch (error) {
      if (!duplicatesOf(error)) throw error;
    }
  }

  /** Removes all rows of these notifications. */
  async remove(tenantId: string, notificationIds: readonly string[]): Promise<void> {
    if (notificationIds.length === 0) return;
    await this.rows.deleteMany({ tenantId, notificationId: { $in: [...notificationIds] } });
  }

  /** Records first attempts of deliveries that no run works on. */
  async recordFirst(tenantId: string, ended: readonly BulkAttempt[]): Promise<void> {
    if (ended.length === 0) return;
    const done = await this.rows.bulkWrite(
      ended.map((one) => ({
        updateOne: {
          filter: { _id: rowId(tenantId, one.id), status: { $nin: [...toldStatuses] } },
          update: { $set: { ...stateOf(one), attempts: one.attempts, updatedAt: new Date() } },
        },
      })),
      { ordered: false },
    );
    if (done.matchedCount === ended.length) return;
    // Some providers are faster, and have told already what became of it.
    await this.rows.bulkWrite(
      ended.map((one) => ({
        updateOne: {
          filter: { _id: rowId(tenantId, one.id), status: { $in: [...toldStatuses] } },
          update: {
            $set: { ...besideStatus(stateOf(one)), attempts: one.attempts, updatedAt: new Date() },
          },
        },
      })),
      { ordered: false },
    );
  }

  /** Ends deliveries whose first attempt was announced, and then not made. */
  async markExpired(tenantId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.rows.updateMany(
      { _id: { $in: ids.map((id) => rowId(tenantId, id)) } },
      { $set: { status: 'expired', reason: 'expired', attempts: [], updatedAt: new Date() } },
    );
  }
}

/** How the delivery stands after its first attempt. */
function stateOf({
  attempts,
  provider,
  status,
  providerMessageId,
  units,
  failureReason,
  nextAttemptAt,
}: BulkAttempt): Partial<DeliveryRow> {
  const last = attempts.at(-1);
  const endedAt = new Date((last?.at.getTime() ?? Date.now()) + (last?.durationMs ?? 0));
  return {
    status,
    provider,
    ...(status === 'sent' ? { sentAt: endedAt } : {}),
    ...(status === 'retrying' ? { retryCount: 1 } : {}),
    ...(providerMessageId === undefined ? {} : { providerMessageId }),
    ...(units === undefined ? {} : { units }),
    ...(failureReason === undefined ? {} : { failureReason }),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
  };
}
