import type { FailureReason } from '../contracts/errors.js';
import type { DeliveryStatus } from '../contracts/statuses.js';
import { nothingNext, open, type Deliveries } from './deliveries.js';
import { MAX_ATTEMPTS, type Attempt, type DeliveryRow } from './delivery-schema.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';

/** A first attempt that was recorded, a failure included, is not made again. */
const unattempted = { $in: ['pending', 'sending'] satisfies DeliveryStatus[] };

/** Told by the provider: no end of an attempt takes it back. */
export const toldStatuses: readonly DeliveryStatus[] = ['delivered', 'bounced'];

/** The delivery log, as attempts are made: when one begins, how it ends, and what that makes of the delivery. */
export class DeliveryAttempts {
  private readonly rows: Rows<DeliveryRow>;

  constructor(deliveries: Deliveries) {
    this.rows = rowsOf(deliveries.model);
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
    await this.rows.updateOne(
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

  /** Ends a delivery whose last attempt was never seen to end. */
  async markAbandoned(tenantId: string, id: string, failureReason: FailureReason): Promise<void> {
    await this.markInterrupted(tenantId, id, new Date());
    await this.rows.updateOne(
      { _id: rowId(tenantId, id), status: open },
      { $set: { status: 'failed', failureReason, updatedAt: new Date() }, $unset: nothingNext },
    );
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
