import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { providerName, type ProviderInput, type ProviderResult } from '../contracts/provider-run.js';
import type { ProviderActivities } from './activity-types.js';
import { expediteSignal } from './messages.js';
import { drainPolicy, probePolicy, probeWaits } from './retry-policies.js';

/**
 * Watches over a provider of a tenant that is down: asks it now and then whether it answers, lets go what waited for it
 * when it does, and ends when nothing waits any more. `expedite` asks at once.
 */
export async function provider(input: ProviderInput): Promise<ProviderResult> {
  const { tenantId, channel, provider: name } = input;
  const place = { tenantId, channel, provider: name };
  const label = providerName(place);
  const asks = proxyActivities<ProviderActivities>({ ...probePolicy, summary: `probe ${label}` });
  const drains = proxyActivities<ProviderActivities>({ ...drainPolicy, summary: `drain ${label}` });
  let { probes = 0 } = input;
  let released = 0;
  let expedites = 0;
  setHandler(expediteSignal, () => {
    expedites += 1;
  });
  setCurrentDetails(`${label} is down`);

  for (let waits = 0; ; waits += 1) {
    const seen = expedites;
    await condition(() => expedites > seen, waitMs(waits));
    const probe = await asks.probeProvider(place);
    probes += 1;
    if (probe.isUp) {
      setCurrentDetails(`${label} answers again: letting go what waits (${probe.parked})`);
      const drained = await drains.drainProvider({ ...place, released });
      released = drained.released;
      if (!drained.isDownAgain) {
        setCurrentDetails(`${label} answers again: ${released} let go`);
        return { probes, released };
      }
      waits = 0;
    }
    setCurrentDetails(
      `${label} is down, ${probe.parked} wait; ${probes} probes, the last one: ${probe.detail ?? 'it answered, then failed again'}`,
    );
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof provider>({ ...place, probes });
  }
}

/** With jitter, so that what went down together is not asked together. */
function waitMs(waits: number): number {
  const { initialMs, backoff, longestMs } = probeWaits;
  return Math.round(Math.min(initialMs * backoff ** waits, longestMs) * (0.8 + 0.4 * Math.random()));
}
