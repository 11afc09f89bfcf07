import type { Network } from '../contracts/network.js';

/** The way out without any guard: for credentials that come from the deployment itself. */
export const openNetwork: Network = {
  fetch: (url, init) => fetch(url, { ...init, redirect: 'manual' }),
  resolve: (host) => Promise.resolve(host),
};
