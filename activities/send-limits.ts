import type { ChannelName } from '../contracts/channels.js';
import type { Tenant } from '../contracts/tenants.js';
import type { SendLimitBuckets } from '../models/send-limits.js';

/** One limit that a send must pass. */
export interface SendLimit {
  /** Its bucket; it names the rate, so another rate is another limit. */
  key: string;
  perSecond: number;
  of: 'tenant' | 'provider';
}

/** What a single send is told. */
export type Turn =
  | { status: 'now' }
  /** Reserved: it may pass this limit then, and asks for the next one only then. */
  | { status: 'later'; inMs: number; limit: SendLimit }
  /** Nothing is reserved: its turn would come too late. */
  | { status: 'too_late'; limit: SendLimit };

/** How many sends a tenant, and a provider for all tenants together, are given per second. */
export interface SendLimits {
  /** Those that a send passes, in this order; empty where none is set, and then nothing is read or written. */
  of(tenant: LimitedTenant, channel: ChannelName, provider: string): SendLimit[];
  /**
   * Asks for the turn of one send. A place in the provider's queue is reserved only when the tenant's turn has come:
   * else a tenant with a low limit would hold places that it cannot use yet.
   * @param options `passed` is the key of the limit that it has waited for and passed; `withinMs` how long it can wait.
   */
  turn(
    tenant: LimitedTenant,
    channel: ChannelName,
    provider: string,
    options?: { passed?: string; withinMs?: number },
  ): Promise<Turn>;
  /**
   * For a page of sends: how many of them (0 to `count`) may be made now, and in how many milliseconds to ask for the
   * rest, 0 when there is none.
   */
  takeUpTo(
    tenant: LimitedTenant,
    channel: ChannelName,
    provider: string,
    count: number,
  ): Promise<{ granted: number; retryAfterMs: number }>;
}

type LimitedTenant = Pick<Tenant, 'id' | 'limits'>;

/** @param deps `providerLimits` says `email/smtp` → sends per second. */
export function createSendLimits(deps: {
  buckets: SendLimitBuckets;
  providerLimits: ReadonlyMap<string, number>;
}): SendLimits {
  const { buckets, providerLimits } = deps;

  function of(tenant: LimitedTenant, channel: ChannelName, provider: string): SendLimit[] {
    if (channel === 'in_app') return [];
    const own = tenant.limits.sendsPerSecond[channel];
    const everyones = providerLimits.get(`${channel}/${provider}`);
    return [
      ...(own === undefined ? [] : [limit('tenant', `${tenant.id}/${channel}`, own)]),
      ...(everyones === undefined ? [] : [limit('provider', `${channel}/${provider}`, everyones)]),
    ];
  }

  return {
    of,

    async turn(tenant, channel, provider, { passed, withinMs } = {}) {
      const limits = of(tenant, channel, provider);
      const next = limits.slice(limits.findIndex(({ key }) => key === passed) + 1);
      for (const limit of next) {
        const place = await buckets.reserve(limit.key, { perSecond: limit.perSecond, withinMs });
        if (!place) return { status: 'too_late', limit };
        if (place.startsInMs > 0) return { status: 'later', inMs: place.startsInMs, limit };
      }
      return { status: 'now' };
    },

    async takeUpTo(tenant, channel, provider, count) {
      let granted = count;
      let retryAfterMs = 0;
      const passed: SendLimit[] = [];
      for (const limit of of(tenant, channel, provider)) {
        if (granted === 0) break;
        const { perSecond } = limit;
        const taken = await buckets.take(limit.key, { perSecond, count: granted });
        retryAfterMs = Math.max(retryAfterMs, taken.retryAfterMs);
        const refused = granted - taken.granted;
        if (refused > 0) {
          for (const before of passed)
            await buckets.giveBack(before.key, { perSecond: before.perSecond, count: refused });
        }
        granted = taken.granted;
        passed.push(limit);
      }
      return { granted, retryAfterMs };
    },
  };
}

function limit(of: SendLimit['of'], name: string, perSecond: number): SendLimit {
  return { key: `${of}/${name}@${perSecond}`, perSecond, of };
}
