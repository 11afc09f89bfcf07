import { addFailures } from '../../models/add-failures.js';
import type { Bounce } from '../../models/delivery-feedback.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import type { Models } from '../../models/models.js';

/**
 * Counts a delivery that its provider had taken and has reported as failed, as one that failed while it was sent: some
 * providers find out later only that an account is suspended. Workers tell administrators within a minute.
 * @param before the delivery as the report found it: what had failed or bounced before has been counted, or was not the
 * provider's trouble.
 */
export async function countBounce(
  models: Pick<Models, 'tenants' | 'failureCounts'>,
  before: Pick<DeliveryRow, 'tenantId' | 'type' | 'channel' | 'status'>,
  { provider, failureReason }: Bounce,
): Promise<void> {
  const { tenantId, type, channel, status } = before;
  if (status === 'failed' || status === 'bounced') return;
  await addFailures(models, tenantId, [{ type, channel, provider, failureReason }]);
}
