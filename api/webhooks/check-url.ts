import { invalid } from '../../contracts/errors.js';
import { AddressNotAllowedError, type Network } from '../../contracts/network.js';

/**
 * Refuses a URL that events could not be sent to, before it is stored. A name that has no address yet is taken: it is
 * looked up, and checked, at every connection anyway.
 * @throws CarillonError `validation_failed` at `url`.
 */
export async function checkUrl(network: Pick<Network, 'resolve'>, url: string): Promise<void> {
  try {
    await network.resolve(new URL(url).hostname);
  } catch (error) {
    if (error instanceof AddressNotAllowedError) throw invalid('url', error.message);
    // The resolver's: no such name, or no resolver.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
