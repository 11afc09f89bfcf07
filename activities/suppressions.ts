import type { ChannelName } from '../contracts/channels.js';
import type { Contact } from '../contracts/contact.js';
import type { Suppression, SuppressionReason } from '../contracts/suppressions.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { AddressVault } from '../models/data-keys.js';
import type { NewSuppression } from '../models/suppressions.js';
import type { ActivityDependencies } from './dependencies.js';
import { reaching, type ConfiguredProviders } from './providers.js';
import { patiently } from './record.js';
import type { Tried } from './try-once.js';

/** Where a person is reached: channel → keyed hash of the address that is tried first there. */
export type ReachedAt = ReadonlyMap<ChannelName, string>;

/** Where this person is reached on these channels. The inbox is no address: nothing stops it. */
export function reachedAt(
  vault: AddressVault,
  providers: ConfiguredProviders,
  contact: Contact | undefined,
  channels: readonly ChannelName[],
): ReachedAt {
  return new Map(
    channels.flatMap((channel) => {
      const [first] = reaching(providers, channel, contact);
      return first?.provider.sending ? [[channel, vault.hash(first.target)] as const] : [];
    }),
  );
}

/** Of what stops addresses, by the hash of each, what stops this person on the channel that the address is used on. */
export function suppressionsAt(
  reached: ReachedAt,
  byHash: ReadonlyMap<string, readonly Suppression[]>,
): Suppression[] {
  return [...reached].flatMap(([channel, hash]) =>
    (byHash.get(hash) ?? []).filter((suppression) => suppression.channel === channel),
  );
}

/** What an attempt that ended like this says of the address; undefined where it may be written to again. */
export function suppressionBy(
  tried: Pick<Extract<Tried, { status: 'failed' }>, 'error' | 'target'>,
  delivery: Pick<DeliverRequest['delivery'], 'channel' | 'deliveryId'>,
): (NewSuppression & { reason: SuppressionReason; deliveryId: string }) | undefined {
  const { error, target } = tried;
  if (error.suppress === undefined || target === undefined) return undefined;
  return {
    channel: delivery.channel,
    address: target,
    reason: error.suppress,
    detail: error.providerResponse,
    deliveryId: delivery.deliveryId,
  };
}

/** Stops addresses that providers will not have written to again. Repeated for a while when MongoDB is away. */
export async function suppress(
  { models, log }: Pick<ActivityDependencies, 'models' | 'log'>,
  tenantId: string,
  suppressions: readonly NewSuppression[],
): Promise<void> {
  if (suppressions.length === 0) return;
  await patiently(() => models.suppressions.add(tenantId, suppressions));
  for (const { channel, reason, deliveryId } of suppressions) {
    log.info({ tenantId, deliveryId, channel, reason }, 'address suppressed');
  }
}
