import type { RuntimeOptions } from '@temporalio/worker';

/** Has Temporal's SDK serve its own figures at `host:port`, for Prometheus; without an address it does not. */
export function temporalMetrics(address: string | undefined): Pick<RuntimeOptions, 'telemetryOptions'> {
  if (address === undefined) return {};
  return { telemetryOptions: { metrics: { prometheus: { bindAddress: address } } } };
}
