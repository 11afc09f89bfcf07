import { Context } from '@temporalio/activity';
import { ChannelError } from '../../channels/channel.js';
import { providerName, type ProbeOutcome, type ProviderPlace } from '../../contracts/provider-run.js';
import { attemptDeadline } from '../attempt-deadline.js';
import type { ActivityDependencies } from '../dependencies.js';
import { configuredProviders } from '../providers.js';
import { brokenOff } from '../try-once.js';
import { sayDown } from './say-down.js';

const PROBE_TIMEOUT_MS = 20_000;

/**
 * Asks a provider that is down whether it answers again, and sends nothing. One that refuses the credentials answers:
 * what waits for it is not helped by waiting. So does one that is not set up any more. Of one that does not, the tenant's
 * administrators are told.
 */
export function createProbeProvider(deps: ActivityDependencies) {
  return async function probeProvider(place: ProviderPlace): Promise<ProbeOutcome> {
    const { tenantId, channel, provider } = place;
    const parked = await deps.models.deliveryParking.countParked(tenantId, providerName(place));
    await deps.models.providerHealth.watched(place);
    const configured = (await configuredProviders(deps, tenantId)).get(channel);
    const sending = configured?.find(({ name }) => name === provider)?.sending;
    if (!sending || sending.problem !== undefined) return { isUp: true, parked };
    const deadline = attemptDeadline(brokenOff(Context.current()), PROBE_TIMEOUT_MS);
    try {
      await sending.channel.verify(sending.credentials, {
        tenantId,
        signal: deadline.signal,
        timeoutMs: PROBE_TIMEOUT_MS,
        network: sending.network,
      });
      return { isUp: true, parked };
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const detail = detailOf(error);
      if (error.providerDown) {
        const { reason, providerResponse: response } = error;
        await deps.models.providerHealth.stillDown(place, { reason, response });
        await sayDown(deps, place);
      }
      return { isUp: !error.providerDown, detail, parked };
    } finally {
      deadline.release();
    }
  };
}

function detailOf({ reason, providerResponse }: ChannelError): string {
  return providerResponse === undefined ? reason : `${reason}: ${providerResponse}`;
}
