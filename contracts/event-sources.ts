import { z } from 'zod';
import { lineOfText } from './primitives.js';

/** Where events come from: an event source's name, or a Kafka topic's (which may have dots too). */
export const sourceName = z
  .string()
  .regex(
    /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,248}$/,
    'must be 1-249 letters, digits, dots, dashes or underscores, without a dot at its beginning',
  );

/** A source over HTTP. Without dots, since one stands before it in its public address. */
export const httpSourceName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be 1-100 letters, digits, dashes or underscores');

const BASE64_SECRET =
  /^(whsec_)?(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/;

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header');

/** How a source's requests are known to be its own. */
export const verification = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hmac'),
    /** Holds the HMAC-SHA256. */
    header: headerName.default('X-Signature'),
    /** Holds the Unix time in seconds; without it the time stands in `header`: `t=1700000000,v1=…`. */
    timestampHeader: headerName.nullable().default(null),
    /** What stands before the signature where it has a header of its own, e.g. `sha256=`. */
    prefix: z
      .string()
      .max(20)
      .regex(/^[\w=:-]*$/)
      .default(''),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    /** How far the time may be from ours. */
    toleranceSeconds: z.int().min(1).max(3600).default(300),
  }),
  z.strictObject({
    kind: z.literal('standard-webhooks'),
    toleranceSeconds: z.int().min(1).max(300).default(300),
  }),
  /** `X-Hub-Signature-256: sha256=…` over the body. */
  z.strictObject({ kind: z.literal('github') }),
  /** `Authorization: Bearer <secret>`. */
  z.strictObject({ kind: z.literal('bearer') }),
  /** Whoever knows the address. */
  z.strictObject({ kind: z.literal('none') }),
]);
export type Verification = z.infer<typeof verification>;

const secret = lineOfText(500).refine((text) => text.length >= 16, 'must have at least 16 characters');

/** `PUT /v1/event-sources/{name}`. */
export const eventSourcePut = z
  .strictObject({
    verification,
    /** One, or several while one replaces another: each of them is good. Left out, the stored ones stay. */
    secret: z.union([secret, z.array(secret).min(1).max(3)]).optional(),
    /** Where in the body the event's own ID stands, dotted; by default `event_id`, or `id` of an envelope. */
    idField: lineOfText(200).nullable().default(null),
  })
  .refine(({ verification: { kind }, secret: given }) => kind !== 'none' || given === undefined, {
    path: ['secret'],
    error: 'is for nothing where nothing is verified',
  })
  .refine(
    ({ verification: { kind }, secret: given }) =>
      kind !== 'standard-webhooks' ||
      given === undefined ||
      [given].flat().every((one) => BASE64_SECRET.test(one)),
    { path: ['secret'], error: 'must be base64, with or without whsec_ before it' },
  )
  .refine(
    ({ verification: { kind }, secret: given }) =>
      kind !== 'bearer' ||
      given === undefined ||
      [given].flat().every((one) => /^(?!ck_)[\w.~+/=-]+$/.test(one)),
    { path: ['secret'], error: 'must be a bearer token, and not begin with ck_' },
  );
export type EventSourcePut = z.infer<typeof eventSourcePut>;
