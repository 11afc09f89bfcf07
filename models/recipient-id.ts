import type { Trigger } from '../contracts/trigger.js';
import type { AddressVault } from './data-keys.js';

/** A person's ID; for a bare address, which stands in IDs and search attributes, its keyed hash. */
export function recipientIdOf(vault: AddressVault, recipient: Trigger['to']['recipient']): string {
  if (typeof recipient === 'string') return recipient;
  if ('id' in recipient) return recipient.id;
  const [address] = Object.values(recipient) as [string];
  return addressId(vault.hash(address));
}

/** The recipient's ID of a bare address, by the address's keyed hash. */
export function addressId(hash: string): string {
  return `address_${hash}`;
}
