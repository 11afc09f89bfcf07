import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CarillonError } from '../contracts/errors.js';
import type { Models } from '../models/models.js';
import type { Config } from '../runtime/config.js';
import { addressGroup } from '../runtime/trusted-proxies.js';
import type { Caller } from './caller.js';

/** How long another process's change of a tenant's limit may stay unseen, in milliseconds. */
const FRESH_MS = 10_000;
/** How long a credential that was right passes while its address is blocked, in milliseconds. */
const KNOWN_GOOD_MS = 10 * 60_000;

/**
 * How many requests this process takes: of one key, one person and one tenant per second, and with wrong credentials from
 * one address per minute. Counted in memory, so that a request costs no round trip: several processes take that many each.
 */
export class RequestLimits {
  private readonly perKey: RateLimiterMemory;
  private readonly perPerson: RateLimiterMemory;
  private readonly failures: RateLimiterMemory;
  private readonly perTenant: number;
  // How many is each tenant's own, so this one only counts.
  private readonly tenants: RateLimiterMemory;
  private readonly tenantLimits = new LRUCache<string, number>({
    max: 10_000,
    ttl: FRESH_MS,
    fetchMethod: (tenantId) => this.limitOf(tenantId),
  });
  private readonly knownGood = new LRUCache<string, true>({ max: 20_000, ttl: KNOWN_GOOD_MS });

  constructor(
    config: Config,
    private readonly models: Pick<Models, 'tenants'>,
    /** Seconds in which that many requests are taken. Default 1. */
    windowSeconds = 1,
  ) {
    this.perKey = new RateLimiterMemory({
      points: config.CARILLON_REQUESTS_PER_SECOND_PER_KEY,
      duration: windowSeconds,
    });
    this.perPerson = new RateLimiterMemory({
      points: config.CARILLON_REQUESTS_PER_SECOND_PER_PERSON,
      duration: windowSeconds,
    });
    this.tenants = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: windowSeconds });
    this.failures = new RateLimiterMemory({ points: config.CARILLON_FAILED_CALLS_PER_MINUTE, duration: 60 });
    this.perTenant = config.CARILLON_REQUESTS_PER_SECOND_PER_TENANT;
  }

  /**
   * Before a credential is looked at. One that was right lately passes, so that nobody locks out those who share their
   * address, a proxy's say.
   * @throws CarillonError `rate_limited` after too many wrong ones from the address.
   */
  async beforeCredential(address: string, credential: string): Promise<void> {
    const counted = await this.failures.get(addressGroup(address));
    if (!counted || counted.remainingPoints > 0 || this.knownGood.has(digest(credential))) return;
    throw limited('too many wrong credentials came from this address', counted);
  }

  async wrongCredential(address: string): Promise<void> {
    await this.failures.penalty(addressGroup(address));
  }

  /** It was right. */
  known(credential: string): void {
    this.knownGood.set(digest(credential), true);
  }

  /** @throws CarillonError `rate_limited` when this caller or the tenant has had its share of this second. */
  async take(caller: Caller, credential: string): Promise<void> {
    // A platform operator runs the deployment, and is not to be locked out of it.
    if (caller.kind === 'nobody' || caller.kind === 'platform') return;
    this.known(credential);
    const { tenantId } = caller;
    if (caller.kind === 'person')
      await consume(this.perPerson, `${tenantId}/${caller.recipientId}`, 'this person');
    else await consume(this.perKey, caller.actor, 'this key');
    const limit = (await this.tenantLimits.fetch(tenantId)) ?? this.perTenant;
    const taken = await this.tenants.consume(tenantId);
    if (taken.consumedPoints > limit) throw limited('the tenant calls too often', taken);
  }

  /** After a change made by this process. */
  forget(tenantId: string): void {
    this.tenantLimits.delete(tenantId);
  }

  private async limitOf(tenantId: string): Promise<number> {
    const own = (await this.models.tenants.find(tenantId))?.limits.requestsPerSecond;
    return Math.min(own ?? this.perTenant, this.perTenant);
  }
}

async function consume(limiter: RateLimiterMemory, key: string, who: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw limited(`${who} calls too often`, error);
    throw error;
  }
}

function limited(detail: string, { msBeforeNext }: RateLimiterRes): CarillonError {
  return new CarillonError('rate_limited', detail, undefined, { retryAfterMs: Math.max(1, msBeforeNext) });
}

/** Not the credential itself, which has no business in memory for minutes. */
function digest(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url');
}
