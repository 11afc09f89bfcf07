import ipaddr from 'ipaddr.js';

/**
 * Parses whose `X-Forwarded-*` headers count: a number of proxies in front of the API, or addresses and networks separated
 * by commas (`10.0.0.0/8,::1`).
 * @throws {Error} which says what it should be.
 */
export function parseTrustedProxies(text: string): number | string[] {
  if (/^\d{1,2}$/.test(text)) {
    if (Number(text) > 10) throw new Error(shouldBe);
    return Number(text);
  }
  const networks = text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  // A network of all addresses would let every caller say who they are.
  if (!networks.every((network) => isNetwork(network) && !network.endsWith('/0'))) throw new Error(shouldBe);
  return networks;
}

const shouldBe = 'must be a number of proxies up to 10, or networks like 10.0.0.0/8,192.168.1.1';

function isNetwork(text: string): boolean {
  return text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);
}

/** What a caller's address is counted as: an IPv4 address alone; of IPv6 the 64 bits that one line is given. */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
