import { z } from 'zod';
import { emailAddress, lineOfText } from '../../contracts/primitives.js';

/** A sender: an address, and the name shown beside it. */
export interface Mailbox {
  name?: string;
  address: string;
}

const NAME_AND_ADDRESS = /^\s*(?:"([^"<>]*)"|([^"<>]*?))\s*<([^<>]+)>\s*$/;

/** `Carillon <notifications@example.com>`, a bare address, or `{ name?, address }`. */
export const mailbox: z.ZodType<Mailbox> = z.preprocess(
  (value) => {
    if (typeof value !== 'string') return value;
    const [, quoted, bare, address] = NAME_AND_ADDRESS.exec(value) ?? [];
    const name = quoted ?? bare;
    return { address: (address ?? value).trim(), ...(name ? { name } : {}) };
  },
  z.strictObject({ name: lineOfText(200).optional(), address: emailAddress }),
);
