import type { Callback } from '../../contracts/feedback.js';
import type { Taken } from '../../events/callbacks/callback.js';
import type { ApiDependencies } from '../dependencies.js';

/** Says whether a callback is its provider's, and what it tells. */
export type TakeCallback = (callback: Callback) => Taken | Promise<Taken>;

/** One provider that calls back. */
export interface Hook {
  /** As its callbacks come. */
  mediaTypes: readonly string[];
  /** Of a callback, at most. */
  maxBytes: number;
  /** Undefined where the tenant has nothing that its callbacks could be proved by. */
  open(deps: ApiDependencies, tenantId: string): Promise<TakeCallback | undefined>;
}

/** A field of the tenant's credentials for these providers (`channel/provider`), of each that has one. */
export async function credentialFields(
  deps: ApiDependencies,
  tenantId: string,
  places: readonly string[],
  field: string,
): Promise<string[]> {
  const providers = await deps.credentials.of(tenantId);
  return providers
    .filter(({ channel, provider }) => places.includes(`${channel}/${provider}`))
    .flatMap(({ credentials }) => {
      const value = (credentials as Record<string, unknown> | undefined)?.[field];
      return typeof value === 'string' ? [value] : [];
    });
}
