import { z } from 'zod';
import { channelName, type ChannelName } from '../contracts/channels.js';
import type { DataKeys } from './data-keys.js';
import { SealedTokens } from './sealed-tokens.js';

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

/** Longer than any that {@link UnsubscribeTokens.write} makes. */
const MAX_TOKEN = 2_000;

/**
 * The tokens of unsubscribe links. They carry what is unsubscribed from, sealed, so that nobody reads an address in them,
 * or can make one for somebody else. They are good for ever: a mail is opened years later, and must then still let its
 * reader go.
 */
export class UnsubscribeTokens {
  private readonly tokens: SealedTokens;

  constructor(keys: Pick<DataKeys, 'purposeKey'>) {
    this.tokens = new SealedTokens(keys, 'unsubscribe', MAX_TOKEN);
  }

  async write({ tenantId, channel, address, category, deliveryId, locale }: Subscription): Promise<string> {
    const writer = await this.tokens.writer(tenantId);
    return writer(JSON.stringify([channel, address, category, deliveryId, locale ?? null]));
  }

  /** Undefined for everything that {@link write} did not make. */
  async read(token: string): Promise<Subscription | undefined> {
    const opened = await this.tokens.read(token);
    if (opened === undefined) return undefined;
    const [channel, address, category, deliveryId, locale] = content.parse(JSON.parse(opened.text));
    return {
      tenantId: opened.tenantId,
      channel,
      address,
      category,
      deliveryId,
      ...(locale === null ? {} : { locale }),
    };
  }
}
