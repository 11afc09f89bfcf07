import type { ChannelName } from './channels.js';

/** One provider of one tenant: what a breaker is kept for. */
export interface ProviderPlace {
  tenantId: string;
  channel: ChannelName;
  provider: string;
}

/** What the `provider` workflow is started with, when the provider was found to be down. */
export interface ProviderInput extends ProviderPlace {
  /** Probes made before this run of the workflow was continued as new; 0 by default. */
  probes?: number;
}

/** Input of the `drainProvider` activity. */
export interface DrainRequest extends ProviderPlace {
  /** Runs released before, by earlier calls. */
  released: number;
}

/** What a probe found. */
export interface ProbeOutcome {
  isUp: boolean;
  /** For operators, in words and without addresses: `network_error: connection refused`. */
  detail?: string;
  /** Deliveries that wait for it. */
  parked: number;
}

export interface DrainOutcome {
  released: number;
  /** It failed again while it was drained: the rest waits on. */
  isDownAgain: boolean;
}

export interface ProviderResult {
  probes: number;
  released: number;
}

/** `channel/provider`, as limits, endpoints and parked deliveries name a provider. */
export function providerName({ channel, provider }: Pick<ProviderPlace, 'channel' | 'provider'>): string {
  return `${channel}/${provider}`;
}
