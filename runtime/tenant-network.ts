import type { Network } from '../contracts/network.js';
import type { Config } from './config.js';
import { guardedNetwork } from './guarded-network.js';

/** The way out to what tenants name. */
export function tenantNetwork(config: Pick<Config, 'CARILLON_ALLOW_PRIVATE_ADDRESSES'>): Network {
  return guardedNetwork({ allowPrivate: config.CARILLON_ALLOW_PRIVATE_ADDRESSES });
}
