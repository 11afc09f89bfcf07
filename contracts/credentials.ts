import type { ChannelName } from './channels.js';
import type { Network } from './network.js';

/** What one tenant has set up. */
export interface TenantProvider {
  channel: ChannelName;
  provider: string;
  /** As the provider's schema gave them; undefined where there is a `problem`. */
  credentials: unknown;
  /** Why the stored credentials cannot be used, without a value of theirs: every send through them fails with it. */
  problem?: string;
  /** The way out: where a tenant names the address, only to public ones. */
  network: Network;
}

/** Where a tenant's credentials come from. */
export interface CredentialSource {
  /**
   * All, those of one channel in the order in which they are tried.
   * @param version the tenant's `credentialsVersion`, where it was just read: it saves reading it once more.
   */
  of(tenantId: string, version?: number): Promise<readonly TenantProvider[]>;
}

/** One provider's credentials as they are stored. */
export interface StoredCredentials {
  channel: ChannelName;
  provider: string;
  /** Lower ones are tried first, within their channel. */
  position: number;
  /** As the provider's schema gave them when they were stored; undefined where there is a `problem`. */
  credentials: unknown;
  /** Why they cannot be opened, naming the key where one is missing. */
  problem?: string;
  createdAt: Date;
  updatedAt: Date;
}
