import type { ChannelName } from '../contracts/channels.js';
import { providerName } from '../contracts/provider-run.js';
import type { ApiDependencies } from './dependencies.js';
import { showHealth, type ProviderHealthView } from './views/provider-health.js';
import { iso } from './views/time.js';

type Reading = Pick<ApiDependencies, 'models'>;

interface StoredProvider {
  provider: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Reads how a tenant's providers of one channel do, three queries for all of them; answers what tells it of each. */
export async function healthOf(
  { models }: Reading,
  tenantId: string,
  channel: ChannelName,
  providers: readonly StoredProvider[],
): Promise<(one: StoredProvider) => ProviderHealthView> {
  const nameOf = ({ provider }: StoredProvider) => providerName({ channel, provider });
  const [troubled, waiting, attempts] = await Promise.all([
    models.providerHealth.troubled(tenantId),
    models.deliveryParking.countsOf(tenantId, providers.map(nameOf)),
    models.recentAttempts.ofChannel(tenantId, channel),
  ]);
  return (one) =>
    showHealth({
      trouble: troubled.find(({ provider }) => provider === nameOf(one)),
      // Before it was set up, the deployment's of the same name.
      attempts: attempts.filter(({ provider, at }) => provider === one.provider && at >= one.createdAt),
      waiting: waiting.get(nameOf(one)) ?? 0,
      changedAt: one.updatedAt,
    });
}

/** A tenant's providers that are down, of all channels, by their names (`email/smtp`): its own and the deployment's. */
export async function downOf({ models }: Reading, tenantId: string) {
  const troubled = await models.providerHealth.troubled(tenantId);
  const down = troubled.filter(({ state }) => state === 'down');
  const waiting = await models.deliveryParking.countsOf(
    tenantId,
    down.map(({ provider }) => provider),
  );
  return new Map(
    down.map(({ provider, downSince }) => [
      provider,
      { since: iso(downSince), waiting: waiting.get(provider) ?? 0 },
    ]),
  );
}
