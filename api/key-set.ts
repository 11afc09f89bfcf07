import { createLocalJWKSet, errors, type JWTHeaderParameters, type JWTVerifyGetKey } from 'jose';
import { AddressNotAllowedError, type Network } from '../contracts/network.js';
import type { Logger } from '../runtime/logger.js';

type CryptoKey = Awaited<ReturnType<ReturnType<typeof createLocalJWKSet>>>;

/** The key set cannot be had, or not be used; `message` says why, in words for the caller. */
export class KeySetError extends Error {
  override readonly name = 'KeySetError';
}

export interface KeySetTimes {
  /** After so long it is fetched again, so that a key that was withdrawn ends. Default 10 minutes. */
  freshMs?: number;
  /** How long keys are used while the address does not answer. Default 24 hours. */
  staleMs?: number;
  /** How long it waits after a refresh that failed, until the next. Default 30 seconds. */
  retryMs?: number;
  /** Fetches within one minute, whatever the tokens say. Default 6. */
  fetchesPerMinute?: number;
}

/** Bytes of a key set: hundreds of keys fit. */
const MAX_BYTES = 256 * 1024;
const FETCH_TIMEOUT_MS = 5_000;

/**
 * The public keys behind a tenant's `jwksUrl`. They are fetched at first use, again when they get old, and when a token
 * names a key that is not among them, which is how a rotation is noticed; never more often than the bound, so that tokens
 * with invented names do not turn into calls. What was fetched goes on being used while the address does not answer.
 */
export class RemoteKeySet {
  private readonly freshMs: number;
  private readonly staleMs: number;
  private readonly retryMs: number;
  private readonly fetchesPerMinute: number;
  private keys: ReturnType<typeof createLocalJWKSet> | undefined;
  private fetchedMs = 0;
  private refreshAtMs = 0;
  private loading: Promise<void> | undefined;
  private fetches: number[] = [];
  private failure = new KeySetError('it was asked for too often');

  constructor(
    private readonly url: string,
    private readonly network: Network,
    private readonly log: Logger,
    times: KeySetTimes = {},
  ) {
    this.freshMs = times.freshMs ?? 10 * 60_000;
    this.staleMs = times.staleMs ?? 24 * 3_600_000;
    this.retryMs = times.retryMs ?? 30_000;
    this.fetchesPerMinute = times.fetchesPerMinute ?? 6;
  }

  /**
   * The key that a token names.
   * @throws {KeySetError} when the set cannot be had, `JWKSNoMatchingKey` when it has no such key.
   */
  readonly keyOf: JWTVerifyGetKey = async (header) => {
    const keys = await this.current();
    try {
      return await usable(keys, header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.mayFetch()) throw error;
    }
    await this.load();
    return usable(await this.current(), header);
  };

  private async current(): Promise<ReturnType<typeof createLocalJWKSet>> {
    if (Date.now() >= this.refreshAtMs) {
      try {
        await this.load();
      } catch (error) {
        if (!this.keys || Date.now() - this.fetchedMs > this.staleMs) throw error;
        this.refreshAtMs = Date.now() + this.retryMs;
        this.log.warn({ err: error }, 'key set not refreshed: the old one is used');
      }
    }
    if (!this.keys) throw this.failure;
    return this.keys;
  }

  private load(): Promise<void> {
    return (this.loading ??= this.fetchAll().finally(() => (this.loading = undefined)));
  }

  private mayFetch(): boolean {
    const nowMs = Date.now();
    this.fetches = this.fetches.filter((at) => nowMs - at < 60_000);
    return this.fetches.length < this.fetchesPerMinute;
  }

  private async fetchAll(): Promise<void> {
    if (!this.mayFetch()) throw this.failure;
    this.fetches.push(Date.now());
    try {
      this.keys = createLocalJWKSet(JSON.parse(await this.download()) as never);
    } catch (error) {
      this.failure = new KeySetError(why(error), { cause: error });
      throw this.failure;
    }
    this.fetchedMs = Date.now();
    this.refreshAtMs = this.fetchedMs + this.freshMs;
  }

  private async download(): Promise<string> {
    const response = await this.network.fetch(this.url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new KeySetError(`it answers ${response.status}`);
    }
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += part.byteLength;
      if (bytes > MAX_BYTES) throw new KeySetError('it is larger than 256 KiB');
      parts.push(part);
    }
    return Buffer.concat(parts).toString();
  }
}

/**
 * A key that can check a signature.
 * @throws {KeySetError} for one that is broken, private or too short; `JWKSNoMatchingKey` when there is none.
 */
export async function usable(
  keys: ReturnType<typeof createLocalJWKSet>,
  header: JWTHeaderParameters,
): Promise<CryptoKey> {
  let key: CryptoKey;
  try {
    key = await keys(header);
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
      throw error;
    throw new KeySetError('the key that the token names is broken', { cause: error });
  }
  const { modulusLength } = key.algorithm as { modulusLength?: number };
  if (modulusLength !== undefined && modulusLength < 2048)
    throw new KeySetError('the key that the token names has fewer than 2048 bits');
  return key;
}

function why(error: unknown): string {
  if (error instanceof KeySetError) return error.message;
  if (error instanceof AddressNotAllowedError) return error.message;
  if (error instanceof SyntaxError || error instanceof errors.JWKSInvalid)
    return 'it is not a JSON Web Key Set';
  return 'it cannot be reached';
}
