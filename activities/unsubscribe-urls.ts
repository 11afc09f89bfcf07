import type { Subscription, UnsubscribeTokens } from '../models/unsubscribe-tokens.js';

/** The URL at which a mail's reader unsubscribes, by one click or on a page (RFC 8058). */
export type UnsubscribeUrls = (subscription: Subscription) => Promise<string>;

/** Undefined while the deployment has no address that a mail's reader could reach. */
export function unsubscribeUrls(
  publicUrl: string | undefined,
  tokens: Pick<UnsubscribeTokens, 'write'>,
): UnsubscribeUrls | undefined {
  if (publicUrl === undefined) return undefined;
  const base = `${publicUrl.replace(/\/+$/, '')}/u/`;
  return async (subscription) => base + (await tokens.write(subscription));
}
