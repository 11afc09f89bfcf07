import type { TrackingTokens } from '../models/tracking-tokens.js';

/** Where one mail tells what became of it. */
export interface MailUrls {
  /** What the URLs of this deployment begin with. */
  base: string;
  /** An image of one pixel, fetched when the mail is shown. */
  pixel: string;
  /** Leads to `url`, and tells that it was followed. */
  link(url: string): string;
}

/** The URLs of one mail. */
export type TrackingUrls = (mail: { tenantId: string; deliveryId: string }) => Promise<MailUrls>;

/** Undefined while the deployment has no address that a mail's reader could reach. */
export function trackingUrls(
  publicUrl: string | undefined,
  tokens: Pick<TrackingTokens, 'writer'>,
): TrackingUrls | undefined {
  if (publicUrl === undefined) return undefined;
  const base = `${publicUrl.replace(/\/+$/, '')}/`;
  return async ({ tenantId, deliveryId }) => {
    const writer = await tokens.writer(tenantId);
    return {
      base,
      pixel: `${base}t/o/${writer.open(deliveryId)}`,
      link: (url) => `${base}t/c/${writer.click(deliveryId, url)}`,
    };
  };
}
