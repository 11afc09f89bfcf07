import { AddressNotAllowedError, type Network } from '../contracts/network.js';
import type { Config } from './config.js';
import { openNetwork } from './outbound.js';

/** The way out to what tenants name. */
export function tenantNetwork(config: Pick<Config, 'CARILLON_ALLOW_PRIVATE_ADDRESSES'>): Network {
  return config.CARILLON_ALLOW_PRIVATE_ADDRESSES ? openNetwork : closedNetwork;
}

const closedNetwork: Network = {
  fetch: (url) => Promise.reject(new AddressNotAllowedError(new URL(url).host)),
  resolve: (host) => Promise.reject(new AddressNotAllowedError(host)),
};
