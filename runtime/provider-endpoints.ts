import { z } from 'zod';

const ENTRY = /^([a-z0-9_]+\/[A-Za-z0-9][A-Za-z0-9._-]{0,62}) ?= ?(\S+)$/;
const url = z.url({ protocol: /^https?$/ });

/**
 * Parses `channel/provider=URL`, several separated by commas.
 * @throws {Error} which says what it should be, and names a provider that stands there twice.
 */
export function parseProviderEndpoints(text: string): ReadonlyMap<string, string> {
  const endpoints = new Map<string, string>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, name, address] = ENTRY.exec(entry) ?? [];
    if (name === undefined || !url.safeParse(address).success) {
      throw new Error('must be like sms/twilio=https://proxy.example:8443');
    }
    if (endpoints.has(name)) throw new Error(`names ${name} twice`);
    endpoints.set(name, String(address));
  }
  return endpoints;
}
