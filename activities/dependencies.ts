import type { ChannelName } from '../contracts/channels.js';
import type { Models } from '../models/models.js';
import type { ChannelRegistry } from '../channels/registry.js';
import type { Logger } from '../runtime/logger.js';
import type { FirstAttempts } from './first-attempts.js';

/** What the activities need; made once per worker process and passed in. */
export interface ActivityDependencies {
  models: Models;
  channels: ChannelRegistry;
  credentials: CredentialSource;
  firstAttempts: FirstAttempts;
  /** Channels whose first attempt is a regular activity too. */
  firstAttemptAsActivity: readonly string[];
  log: Logger;
}

/** Where a tenant's credentials for a provider come from; undefined where it has not set the provider up. */
export interface CredentialSource {
  find(tenantId: string, channel: ChannelName, provider: string): Promise<unknown>;
}
