import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { channelName, type ChannelName } from '../contracts/channels.js';
import { openWith, sealWith } from '../runtime/key-ring.js';
import type { DataKeys } from './data-keys.js';

/** What one mail's reader unsubscribes from by its link. */
export interface Subscription {
  tenantId: string;
  channel: ChannelName;
  address: string;
  category: string;
  /** The delivery that brought the link. */
  deliveryId: string;
  /** The person's language, where it is known. */
  locale?: string | undefined;
}

const content = z.tuple([channelName, z.string(), z.string(), z.string(), z.string().nullable()]);

const PURPOSE = 'unsubscribe';
/** Longer than any that {@link UnsubscribeTokens.write} makes. */
const MAX_TOKEN = 2_000;

/**
 * The tokens of unsubscribe links. They carry what is unsubscribed from, sealed, so that neither the link in a proxy's
 * log nor the one in a browser's history shows an address, and nobody can make one for somebody else. They are good
 * for ever: a mail is opened years later, and must then still let its reader go.
 */
export class UnsubscribeTokens {
  constructor(private readonly keys: Pick<DataKeys, 'purposeKey'>) {}

  async write({ tenantId, channel, address, category, deliveryId, locale }: Subscription): Promise<string> {
    const text = JSON.stringify([channel, address, category, deliveryId, locale ?? null]);
    const sealed = sealWith(await this.key(tenantId), Buffer.from(text), PURPOSE);
    return `${tenantId}.${sealed.toString('base64url')}`;
  }

  /** Undefined for everything that {@link write} did not make. */
  async read(token: string): Promise<Subscription | undefined> {
    const end = token.lastIndexOf('.');
    if (end < 1 || token.length > MAX_TOKEN) return undefined;
    const tenantId = token.slice(0, end);
    const opened = opens(await this.key(tenantId), token.slice(end + 1));
    if (opened === undefined) return undefined;
    const [channel, address, category, deliveryId, locale] = content.parse(JSON.parse(opened));
    return {
      tenantId,
      channel,
      address,
      category,
      deliveryId,
      ...(locale === null ? {} : { locale }),
    };
  }

  /** One for each tenant: a key may seal only so many texts (2³², NIST SP 800-38D section 8.3). */
  private async key(tenantId: string): Promise<Buffer> {
    return createHmac('sha256', await this.keys.purposeKey(PURPOSE))
      .update(tenantId)
      .digest();
  }
}

/** Undefined where the text was not sealed under this key. */
function opens(key: Buffer, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  // Else several spellings would be the same token.
  if (bytes.toString('base64url') !== sealed) return undefined;
  try {
    return openWith(key, bytes, PURPOSE).toString();
  } catch {
    // It says only that the bytes do not belong to the key: somebody's guess, or a link that was cut off.
    return undefined;
  }
}
