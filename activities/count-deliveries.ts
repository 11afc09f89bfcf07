import type { DeliveryRow } from '../models/delivery-schema.js';
import type { Metrics } from '../runtime/metrics/metrics.js';

/** A delivery as far as its figures go. */
export type CountedDelivery = Pick<DeliveryRow, 'channel' | 'provider' | 'status' | 'failureReason'>;

/** Counts those of the deliveries that have ended by being sent or failed; in-app ones do with their plan. */
export function countEnded(metrics: Metrics, deliveries: readonly CountedDelivery[]): void {
  for (const { channel, provider, status, failureReason: reason = 'unknown_error' } of deliveries) {
    if (status === 'sent') metrics.count('carillon_deliveries_sent_total', { channel, provider });
    else if (status === 'failed')
      metrics.count('carillon_deliveries_failed_total', { channel, provider, reason });
  }
}
