import { isDeepStrictEqual } from 'node:util';
import type { ChannelName } from '../contracts/channels.js';
import type { PlannedDelivery } from '../contracts/notification-run.js';
import { saidOf } from '../contracts/retries.js';
import type { Tenant } from '../contracts/tenants.js';
import { channelRetry } from '../workflows/retry-policies.js';

/** The tenant's retry rule as a field of a planned delivery; no field where it is the channel's own. */
export function plannedRetry(
  { retries }: Pick<Tenant, 'retries'>,
  channel: ChannelName,
): Pick<PlannedDelivery, 'retry'> {
  const own = channelRetry(channel);
  const retry = { ...own, ...saidOf(retries, channel) };
  return isDeepStrictEqual(retry, own) ? {} : { retry };
}
