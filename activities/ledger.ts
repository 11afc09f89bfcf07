import type { DeliveryOutcome } from '../contracts/outcomes.js';
import type { DeliveryRow } from '../models/delivery-schema.js';

/** An outcome after which no attempt follows. */
export type Ended = Exclude<
  DeliveryOutcome,
  { status: 'retry' | 'deferred' | 'hold' | 'limited' | 'parked' }
>;

/** How a delivery that has ended did so, as the log has it; undefined while it is open. */
export function endOf(row: DeliveryRow): Ended | undefined {
  switch (row.status) {
    case 'sent':
    case 'delivered':
      return { status: 'sent' };
    case 'failed':
    case 'bounced':
      return { status: 'failed', failureReason: row.failureReason ?? 'unknown_error' };
    case 'skipped':
    case 'cancelled':
    case 'expired':
      return { status: row.status };
    case 'pending':
    case 'sending':
    case 'retrying':
    case 'parked':
      return undefined;
  }
}
