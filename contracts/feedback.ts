import { z } from 'zod';
import type { ChannelName } from './channels.js';
import { failureReasons } from './errors.js';
import { suppressionReasons } from './suppressions.js';

/** A provider's call, as it came. */
export interface Callback {
  /** The very bytes. */
  body: Buffer;
  /** A header by its name, in any case. */
  header: (name: string) => string | undefined;
  /** The whole address that was called, as the provider knows it, with its query. */
  url: string;
  /** Milliseconds since 1970. */
  nowMs: number;
}

/** Of one callback, at most. */
export const MAX_REPORTS = 1000;

/** Now, where the provider does not say when. */
const at = z
  .union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))])
  .default(() => new Date());
const of = { deliveryId: z.string().min(1).max(400), at };
const detail = z.string().min(1).max(5000);
/** Where it may have been sent to, as the provider says it. */
const addresses = z.array(z.string().max(1000)).max(100).default([]);

/** What a delivery's provider, or its reader, tells of it. Nothing of `detail` may be an address. */
export const feedback = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delivered'), ...of }),
  /** It came back for good. */
  z.strictObject({
    kind: z.literal('bounced'),
    ...of,
    failureReason: z.enum(failureReasons),
    /** Its address must not be written to any more. */
    suppress: z.enum(suppressionReasons).optional(),
    detail,
    addresses,
    /** The provider's own ID for it. */
    providerMessageId: z.string().max(1000).optional(),
  }),
  /** Not yet, or not this time: it is only told. */
  z.strictObject({ kind: z.literal('delayed'), ...of, detail }),
  /** The reader calls it spam. */
  z.strictObject({ kind: z.literal('complained'), ...of, detail, addresses }),
  z.strictObject({
    kind: z.literal('opened'),
    ...of,
    /** Seen by a pixel or a redirect, which a person may not want. */
    tracked: z.boolean().optional(),
    /** Perhaps nobody looked. */
    byMachine: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('clicked'), ...of, tracked: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('replied'), ...of }),
]);
export type Feedback = z.output<typeof feedback>;

/** What somebody writes to us, known only by where they write from. */
export const answer = z.strictObject({
  /** `stopped` wants nothing more; `started` wants to be written to again. */
  kind: z.enum(['wrote', 'stopped', 'started']),
  address: z.string().min(1).max(1000),
  at,
});
export type Answer = z.output<typeof answer> & { channel: ChannelName };

/** What a callback tells, as a module of the deployment's own reads it. */
export const callbackReports = z
  .array(z.discriminatedUnion('kind', [...feedback.options, answer]), 'must be a list of reports')
  .max(MAX_REPORTS);
export type CallbackReport = z.output<typeof callbackReports>[number];
/** As a module may write it: what has a default may be left out, and times may be ISO 8601. */
export type WrittenReport = z.input<typeof callbackReports>[number];
