import { lookup as lookUp } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, fetch, type RequestInit as UndiciInit } from 'undici';
import { AddressNotAllowedError, type Network } from '../contracts/network.js';
import { isPublicAddress } from './public-address.js';

/** One address of a name. */
export interface HostAddress {
  address: string;
  family: number;
}

/** All addresses of a name, in the order in which they are to be tried. @throws like `dns.lookup` */
export type Lookup = (host: string) => Promise<readonly HostAddress[]>;

export interface GuardedNetworkOptions {
  /** Lets calls into private networks and to this machine through: a deployment whose tenants' servers live there. */
  allowPrivate: boolean;
  /** Default: the system's resolver. */
  lookup?: Lookup;
}

/** Bytes that an answer may have on the wire: more than any file or answer that is asked for. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Names that are this machine's, whether a resolver knows them or not (RFC 6761, 6.3). */
const LOCAL_NAME = /(^|\.)localhost\.?$/i;

/**
 * The way out to addresses that a tenant or a person named: over http and https, to public addresses, on every port that
 * `fetch` allows (the Fetch standard refuses those of mail, SSH and alike). A name is looked up once per connection, and
 * the addresses that were checked are the ones that are connected to, so that a name cannot change in between. A
 * connection that is kept open stays with the address that was checked.
 */
export function guardedNetwork({ allowPrivate, lookup = systemLookup }: GuardedNetworkOptions): Network {
  const resolveAll = async (host: string): Promise<[HostAddress, ...HostAddress[]]> => {
    if (!allowPrivate && LOCAL_NAME.test(host)) throw new AddressNotAllowedError(host);
    const family = isIP(host);
    const [first, ...others] = family === 0 ? await lookup(host) : [{ address: host, family }];
    if (first === undefined) throw new AddressNotAllowedError(host, 'the name has no address');
    const addresses: [HostAddress, ...HostAddress[]] = [first, ...others];
    // One private address among public ones refuses them all: no public service has such a name, and a name that leads
    // to both is how a private network is reached by chance or by trial.
    if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address)))
      throw new AddressNotAllowedError(host);
    return addresses;
  };
  const agent = new Agent({
    connect: { lookup: asLookupFunction(resolveAll) },
    maxResponseSize: MAX_ANSWER_BYTES,
  });

  return {
    async fetch(url, init) {
      const { protocol, hostname, username, password } = new URL(url);
      const host = withoutBrackets(hostname);
      if (protocol !== 'http:' && protocol !== 'https:')
        throw new AddressNotAllowedError(host, 'the address is not of http or https');
      if (username !== '' || password !== '')
        throw new AddressNotAllowedError(host, 'the address has credentials in it');
      // A socket asks for no look-up of an address that stands in the URL itself.
      if (isIP(host) !== 0) await resolveAll(host);
      try {
        // The types of the package and of Node's own copy of it differ in names only.
        const own = { ...init, redirect: 'manual', dispatcher: agent } as UndiciInit;
        const answer: unknown = await fetch(url, own);
        return answer as Response;
      } catch (error) {
        if (error instanceof Error && error.cause instanceof AddressNotAllowedError) throw error.cause;
        throw error;
      }
    },
    async resolve(host) {
      const [{ address }] = await resolveAll(withoutBrackets(host));
      return address;
    },
  };
}

const systemLookup: Lookup = (host) => lookUp(host, { all: true });

function asLookupFunction(
  resolveAll: (host: string) => Promise<[HostAddress, ...HostAddress[]]>,
): LookupFunction {
  return (host, options, callback) => {
    resolveAll(host).then(
      (addresses) => {
        if (options.all) callback(null, addresses);
        else callback(null, addresses[0].address, addresses[0].family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
