/** The way out to addresses that a tenant names: only to public ones, unless the deployment or its own credentials say so. */
export interface Network {
  /**
   * Like the global `fetch`, but follows no redirect: the answer is the 3xx.
   * @throws {AddressNotAllowedError} for an address that may not be called; what `fetch` throws where none answers.
   */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /**
   * An IP address of the host that may be connected to.
   * @throws {AddressNotAllowedError} likewise; what `dns.lookup` throws for a name that does not exist.
   */
  resolve(host: string): Promise<string>;
}

/** A tenant's URL or host leads to where it may not: this machine, a private network, the cloud's metadata. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';

  constructor(
    readonly host: string,
    why = 'the address is not a public one',
  ) {
    super(why);
  }
}
