import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChannelName } from '../contracts/channels.js';
import { deliveryId } from '../contracts/ids.js';
import type { DataKeys } from './data-keys.js';

const PURPOSE = 'delivery-tokens';
/** Hexadecimal digits: 64 bits, as an address has no room for more, and guesses are counted. */
const MAC_LENGTH = 16;
/** As `commands/trigger/notification-id.ts` and the others make them, without the `ntf_`: a ULID, or a letter and a hash. */
const NOTIFICATION = '[0-9a-hjkmnp-tv-z]{26}|[a-z][0-9a-f]{32}';
const TOKEN = new RegExp(`^(${NOTIFICATION})-([0-9a-f]{${MAC_LENGTH}})$`);
const TOKENS_BEFORE_AT = new RegExp(`(?<![\\w-])(?:${NOTIFICATION})-[0-9a-f]{${MAC_LENGTH}}(?=@)`, 'gi');
/** Of a text that holds many, only these are looked at. */
const MAX_TOKENS = 50;

/** Reads a token of one tenant; undefined for everything that was not made for it and this channel. */
export type TokenReader = (channel: ChannelName, token: string) => string | undefined;

/**
 * Names of deliveries that others carry for us: in a mail's Message-ID and return path, in the tags of a provider. The
 * same for every attempt, at most 50 characters, in lower case, since servers may change the case of an address. They
 * say of themselves that they are ours, and hide nothing but whose notification it was.
 */
export class DeliveryTokens {
  constructor(private readonly keys: Pick<DataKeys, 'purposeKey'>) {}

  /** Undefined for a delivery whose ID is not made like Carillon's own. */
  async write(tenantId: string, notificationId: string, channel: ChannelName): Promise<string | undefined> {
    const id = notificationId.replace(/^ntf_/, '').toLowerCase();
    const token = `${id}-${macOf(await this.key(), tenantId, deliveryId(notificationId, channel))}`;
    return TOKEN.test(token) ? token : undefined;
  }

  async reader(tenantId: string): Promise<TokenReader> {
    const key = await this.key();
    return (channel, token) => {
      const [, id = '', mac = ''] = TOKEN.exec(token.toLowerCase()) ?? [];
      if (id === '') return undefined;
      const notificationId = `ntf_${id.length === 26 ? id.toUpperCase() : id}`;
      const named = deliveryId(notificationId, channel);
      const right = Buffer.from(macOf(key, tenantId, named));
      return timingSafeEqual(right, Buffer.from(mac)) ? named : undefined;
    };
  }

  private key(): Promise<Buffer> {
    return this.keys.purposeKey(PURPOSE);
  }
}

/** What stands before an `@` and looks like a token: of Message-IDs and return paths in a text. */
export function tokensIn(text: string): string[] {
  return [...new Set(text.match(TOKENS_BEFORE_AT)?.slice(0, MAX_TOKENS))];
}

function macOf(key: Buffer, tenantId: string, deliveryId: string): string {
  return createHmac('sha256', key).update(`${tenantId}\0${deliveryId}`).digest('hex').slice(0, MAC_LENGTH);
}
