import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import type { ChannelName } from '../contracts/channels.js';
import type { CredentialSource, StoredCredentials, TenantProvider } from '../contracts/credentials.js';
import type { Network } from '../contracts/network.js';
import type { UseDeployment } from '../contracts/tenants.js';
import type { ChannelRegistry } from './registry.js';

/** Where tenants' credentials are stored. */
export interface CredentialStore {
  /** Undefined without such a tenant. */
  settings(
    tenantId: string,
  ): Promise<{ useDeployment: UseDeployment; credentialsVersion: number } | undefined>;
  list(tenantId: string): Promise<readonly StoredCredentials[]>;
}

/** Tenants whose opened credentials one process keeps. */
const MAX_TENANTS = 1_000;

/**
 * What a tenant sends through: its own providers in their order, or where it has none for a channel the deployment's.
 * The tenant's `useDeployment` puts those behind its own, or switches them off.
 *
 * Kept per tenant until its `credentialsVersion` changes. Whoever plans or sends has just read the tenant, and says the
 * version: then nothing is read, and yet a change counts for the very next notification, in every process.
 */
export function tenantProviders(
  registry: ChannelRegistry,
  options: {
    store: CredentialStore;
    deployment: readonly TenantProvider[];
    /** The way out for what tenants name. */
    network: Network;
  },
): CredentialSource {
  const { store, deployment, network } = options;
  const kept = new LRUCache<string, { version: number; providers: readonly TenantProvider[] }>({
    max: MAX_TENANTS,
  });

  async function read(tenantId: string): Promise<readonly TenantProvider[]> {
    // Before the credentials: if they change in between, they are read once more.
    const settings = await store.settings(tenantId);
    if (!settings) return [];
    const own = (await store.list(tenantId)).map((stored) => opened(registry, stored, network));
    const providers = [...own, ...allowed(deployment, own, settings.useDeployment)];
    kept.set(tenantId, { version: settings.credentialsVersion, providers });
    return providers;
  }

  return {
    async of(tenantId, version) {
      const known = kept.get(tenantId);
      const current = version ?? (known && (await store.settings(tenantId))?.credentialsVersion);
      if (known && current !== undefined && known.version === current) return known.providers;
      return read(tenantId);
    },
  };
}

/** Which of the deployment's providers stand behind the tenant's own. */
export function allowed(
  deployment: readonly TenantProvider[],
  own: readonly Pick<TenantProvider, 'channel'>[],
  useDeployment: UseDeployment,
): TenantProvider[] {
  const hasOwn = new Set(own.map(({ channel }) => channel));
  const uses = (channel: ChannelName) =>
    (useDeployment as Partial<Record<ChannelName, boolean>>)[channel] ?? !hasOwn.has(channel);
  return deployment.filter(({ channel }) => uses(channel));
}

function opened(registry: ChannelRegistry, stored: StoredCredentials, network: Network): TenantProvider {
  const { channel, provider } = stored;
  return { channel, provider, network, ...readable(registry, stored) };
}

/** The credentials as the provider's schema gives them now, or why it does not. */
export function readable(
  registry: ChannelRegistry,
  { channel, provider, credentials, problem }: StoredCredentials,
): Pick<TenantProvider, 'credentials' | 'problem'> {
  if (problem !== undefined) return { credentials: undefined, problem };
  const sending = registry.find(channel, provider);
  if (sending?.delivery !== 'sent') {
    return { credentials: undefined, problem: `this deployment has no provider ${provider} for ${channel}` };
  }
  const parsed = sending.credentials.safeParse(credentials, { reportInput: false });
  if (parsed.success) return { credentials: parsed.data };
  return {
    credentials: undefined,
    problem: `the stored credentials do not fit: ${firstIssue(parsed.error)}`,
  };
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined
    ? 'store them again'
    : [issue.path.join('.'), issue.message].filter(Boolean).join(': ');
}
