import { z } from 'zod';
import type { DataKeys } from './data-keys.js';
import { SealedTokens } from './sealed-tokens.js';

/** Longest target of a tracked link, in characters: what is longer is left as it is. */
export const MAX_TRACKED_URL = 2_048;
/** Room for such a target in bytes and base64. */
const MAX_TOKEN = 9_000;

const opens = z.tuple([z.string()]);
const clicks = z.tuple([z.string(), z.string()]);

/** A mail that was opened. */
export interface Opened {
  tenantId: string;
  deliveryId: string;
}

/** A link that was followed. */
export interface Clicked extends Opened {
  /** Where it leads. */
  url: string;
}

/** Writes the tokens of one tenant's mails. */
export interface TrackingWriter {
  open(deliveryId: string): string;
  click(deliveryId: string, url: string): string;
}

/**
 * The tokens of open pixels and tracked links. A link's target stands in its token, sealed: the redirect leads where the
 * mail's writer wanted it to, and nowhere else.
 */
export class TrackingTokens {
  private readonly opens: SealedTokens;
  private readonly clicks: SealedTokens;

  constructor(keys: Pick<DataKeys, 'purposeKey'>) {
    this.opens = new SealedTokens(keys, 'tracked-open', MAX_TOKEN);
    this.clicks = new SealedTokens(keys, 'tracked-click', MAX_TOKEN);
  }

  async writer(tenantId: string): Promise<TrackingWriter> {
    const [open, click] = [await this.opens.writer(tenantId), await this.clicks.writer(tenantId)];
    return {
      open: (deliveryId) => open(JSON.stringify([deliveryId])),
      click: (deliveryId, url) => click(JSON.stringify([deliveryId, url])),
    };
  }

  /** Undefined for everything that a writer did not make. */
  async readOpen(token: string): Promise<Opened | undefined> {
    const read = await this.opens.read(token);
    if (read === undefined) return undefined;
    const [deliveryId] = opens.parse(JSON.parse(read.text));
    return { tenantId: read.tenantId, deliveryId };
  }

  /** Undefined for everything that a writer did not make. */
  async readClick(token: string): Promise<Clicked | undefined> {
    const read = await this.clicks.read(token);
    if (read === undefined) return undefined;
    const [deliveryId, url] = clicks.parse(JSON.parse(read.text));
    return { tenantId: read.tenantId, deliveryId, url };
  }
}
