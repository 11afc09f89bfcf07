import { limitedChannel, sendRate } from '../contracts/send-limits.js';

/** `email/smtp` → sends per second, of all tenants and workers together. */
export type ProviderLimits = ReadonlyMap<string, number>;

const ENTRY = /^([a-z0-9_]+)\/([A-Za-z0-9][A-Za-z0-9._-]{0,62}) ?= ?(\d+(?:\.\d+)?)$/;

/**
 * Parses `channel/provider=sends per second`, several separated by commas.
 * @throws {Error} which says what it should be, and names a provider that stands there twice.
 */
export function parseProviderLimits(text: string): ProviderLimits {
  const limits = new Map<string, number>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, channel, provider, rate] = ENTRY.exec(entry) ?? [];
    const perSecond = sendRate.safeParse(Number(rate));
    if (!limitedChannel.safeParse(channel).success || !perSecond.success) {
      throw new Error('must be like email/smtp=100,sms/twilio=20, with 0.01 to 10000 sends per second');
    }
    const name = `${channel}/${provider}`;
    if (limits.has(name)) throw new Error(`names ${name} twice`);
    limits.set(name, perSecond.data);
  }
  return limits;
}
