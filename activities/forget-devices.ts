import type { DeliverRequest } from '../contracts/notification-run.js';
import type { ActivityDependencies } from './dependencies.js';

/**
 * Takes from a person the devices that a provider does not know any more. A failure of it must not make a send that was
 * made count as none: it is logged, and the next send finds them gone again.
 */
export async function forgetDevices(
  deps: Pick<ActivityDependencies, 'models' | 'log'>,
  { tenantId, delivery }: Pick<DeliverRequest, 'tenantId' | 'delivery'>,
  recipientId: string,
  tokens: readonly string[],
): Promise<void> {
  if (tokens.length === 0) return;
  const { deliveryId, channel } = delivery;
  try {
    await deps.models.devices.forget(tenantId, recipientId, tokens);
    deps.log.info({ tenantId, deliveryId, channel, devices: tokens.length }, 'forgot devices that are gone');
  } catch (error) {
    deps.log.warn({ tenantId, deliveryId, channel, err: error }, 'devices that are gone were not forgotten');
  }
}
