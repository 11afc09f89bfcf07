import type { CallbackReader, ProviderCall } from '../../channels/channel.js';
import type { ChannelRegistry } from '../../channels/registry.js';
import type { ChannelName } from '../../contracts/channels.js';
import type { CallbackReport } from '../../contracts/feedback.js';
import { deliveryId as deliveryIdOf } from '../../contracts/ids.js';
import { refused, type Taken, type Told } from '../../events/callbacks/callback.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Hook } from './hook.js';

const MAX_BYTES = 256 * 1024;

/** How a channel's callbacks are read, and by which credentials of a tenant's they are proved. */
interface Reading {
  channel: ChannelName;
  callbacks: CallbackReader;
  credentials: unknown;
}

/** The providers whose modules say how their callbacks are read, by name: one may serve several channels. */
export function moduleHooks(registry: ChannelRegistry): Map<string, Hook> {
  const names = registry
    .channelNames()
    .flatMap((channel) => registry.providersOf(channel))
    .filter(({ callbacks }) => callbacks !== undefined)
    .map(({ provider }) => provider);
  return new Map(names.map((name) => [name, moduleHook(name)]));
}

function moduleHook(name: string): Hook {
  return {
    mediaTypes: ['application/json', 'application/x-www-form-urlencoded', 'text/plain'],
    maxBytes: MAX_BYTES,
    async open(deps, tenantId) {
      // As with Twilio: what is signed is mostly the address, which only the deployment's own name tells.
      if (deps.config.CARILLON_PUBLIC_URL === undefined) return undefined;
      const readings = await readingsOf(deps, tenantId, name);
      if (readings.length === 0) return undefined;
      const deliveryOf = await deps.models.deliveryTokens.reader(tenantId);
      return async (callback): Promise<Taken> => {
        const deliveryId = new URL(callback.url).searchParams.get('delivery');
        for (const reading of readings) {
          const call: ProviderCall = {
            ...callback,
            ...(deliveryId !== null && { deliveryId }),
            deliveryOf: (token) => deliveryOf(reading.channel, token),
          };
          const told = await takeCall(deps, { tenantId, provider: name }, reading, call);
          if (told) return { ok: true, told };
        }
        return refused('it is not proved to be the provider’s');
      };
    },
  };
}

async function readingsOf(deps: ApiDependencies, tenantId: string, name: string): Promise<Reading[]> {
  const providers = await deps.credentials.of(tenantId);
  return providers.flatMap(({ channel, provider, credentials, problem }): Reading[] => {
    if (provider !== name || problem !== undefined) return [];
    const found = deps.channels.find(channel, provider);
    const callbacks = found?.delivery === 'sent' ? found.callbacks : undefined;
    return callbacks ? [{ channel, callbacks, credentials }] : [];
  });
}

/** @throws where what is proved cannot be read, so that the provider calls again. */
async function takeCall(
  { log }: Pick<ApiDependencies, 'log'>,
  place: { tenantId: string; provider: string },
  { channel, callbacks, credentials }: Reading,
  call: ProviderCall,
): Promise<Told | undefined> {
  const isProved = await callbacks.verify(call, credentials).catch((error: unknown) => {
    log.error({ ...place, channel, err: error }, 'a callback could not be verified');
    return false;
  });
  if (!isProved) return undefined;
  const reports = await callbacks.read(call, credentials).catch((cause: unknown) => {
    throw new Error(`a callback of ${channel}/${place.provider} could not be read`, { cause });
  });
  return toldBy(channel, reports);
}

/** Of deliveries on other channels a provider has nothing to say. */
function toldBy(channel: ChannelName, reports: readonly CallbackReport[]): Told {
  const feedback = reports.filter((report) => 'deliveryId' in report);
  const answers = reports.filter((report) => 'address' in report);
  return {
    feedback: feedback.filter(({ deliveryId }) => deliveryId.endsWith(deliveryIdOf('', channel))),
    answers: answers.map((answer) => ({ ...answer, channel })),
  };
}
