import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where IANA assigns global IPv6 unicast addresses (RFC 4291, 2.4); all that lies outside is special in some way. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');
/** The prefix by which a network without IPv4 reaches IPv4 addresses (RFC 6052). */
const nat64 = ipaddr.parseCIDR('64:ff9b::/96');

/**
 * True for an IP address that anybody on the internet could reach. False for this machine, private and shared networks
 * (RFC 1918, 4193, 6598), link-local addresses with the clouds' metadata among them, multicast, reserved and
 * documentation ranges, and for the tunnels 6to4 and Teredo, which lead to IPv4 addresses past any check. An IPv4 address
 * inside an IPv6 one (mapped, or behind NAT64) counts as itself.
 */
export function isPublicAddress(address: string): boolean {
  // Only dotted decimals: the library also reads `0x7f.1`, which is a name here, to be resolved and then checked.
  if (isIPv4(address)) return ipaddr.IPv4.parse(address).range() === 'unicast';
  // A zone makes sense on a link only.
  if (!isIPv6(address) || address.includes('%')) return false;
  const parsed = ipaddr.IPv6.parse(withoutDots(address));
  if (parsed.isIPv4MappedAddress()) return isPublicAddress(parsed.toIPv4Address().toString());
  if (parsed.match(nat64)) return isPublicAddress(parsed.toByteArray().slice(-4).join('.'));
  return parsed.match(globalUnicast) && parsed.range() === 'unicast';
}

/** The library takes `::8.8.8.8` for a mapped address, which it is not; the URL's parser writes every part in hexadecimal. */
function withoutDots(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
