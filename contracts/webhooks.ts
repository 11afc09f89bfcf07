import { z } from 'zod';
import { duration } from './durations.js';
import { eventPatterns } from './outbound-events.js';
import { externalId, lineOfText, timestamp } from './primitives.js';
import { webhookUrl } from './webhook-url.js';

const DAY_MS = 86_400_000;
/** Endpoints that a tenant may have. */
export const MAX_ENDPOINTS = 50;
/** How long a secret that was replaced still signs, where the rotation does not say. */
export const DEFAULT_OVERLAP_MS = DAY_MS;
/** An endpoint is disabled when nothing has reached it for so long, although it was tried. */
export const DISABLE_AFTER_MS = 5 * DAY_MS;

/** Headers that are Carillon's own, or belong to the connection (RFC 9110, 7.6.1). */
const RESERVED =
  /^(webhook-.*|host|content-.*|user-agent|accept-encoding|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|cookie|date)$/i;

/** RFC 9110, 5.6.2: a token. */
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'is not the name of a header')
  .refine((name) => !RESERVED.test(name), 'is a header that Carillon sets itself');
/** RFC 9110, 5.5, without what lies outside ASCII, which receivers read differently. */
const headerValue = lineOfText(2000).regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

const headers = z
  .record(headerName, headerValue)
  .refine((given) => Object.keys(given).length <= 20, 'must be 20 headers at most');

const fields = {
  url: webhookUrl,
  description: lineOfText(200).nullable(),
  /** What it hears of: everything at first. */
  events: eventPatterns,
  enabled: z.boolean(),
  /** Sent along with every event, e.g. for a gateway that wants a token; not read back. */
  headers,
};

/** `POST /v1/webhooks` */
export const webhookCreate = z.strictObject({
  url: fields.url,
  description: fields.description.default(null),
  events: fields.events.default(['*']),
  enabled: fields.enabled.default(true),
  headers: fields.headers.default({}),
});
export type WebhookCreate = z.infer<typeof webhookCreate>;

/** `PATCH /v1/webhooks/{id}`: what is left out stays; `headers` are replaced as a whole. */
export const webhookPatch = z.strictObject(fields).partial();
export type WebhookPatch = z.infer<typeof webhookPatch>;

/** `POST /v1/webhooks/{id}/rotate` */
export const webhookRotate = z.strictObject({
  /** How long the old secret still signs beside the new one: `PT24H` at first, `PT0S` where it has leaked. */
  overlap: duration(0, 7 * DAY_MS, 'PT24H').optional(),
});

const period = z
  .strictObject({
    /** Events that happened at or after this. */
    from: timestamp,
    /** And before this. */
    to: timestamp,
    /** Only these; what the endpoint wants to hear of, where it is left out. */
    events: eventPatterns.optional(),
  })
  .refine(({ from, to }) => new Date(from) < new Date(to), { path: ['to'], message: 'must be after from' });

/** `POST /v1/webhooks/{id}/replay`: the events of a period, or one. */
export const webhookReplay = z.union([period, z.strictObject({ event: externalId })]);

/** Why an endpoint gets nothing. */
export const disabledReasons = ['by_hand', 'gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** `failing`: the latest attempts were in vain. */
export const endpointStates = ['active', 'failing', 'disabled'] as const;

/** How an attempt came to be made. */
export const attemptKinds = ['first', 'retry', 'replay', 'test'] as const;
export type AttemptKind = (typeof attemptKinds)[number];

export const replayStatuses = ['running', 'completed', 'cancelled', 'failed'] as const;
export type ReplayStatus = (typeof replayStatuses)[number];

/** How far a replay is. */
export interface ReplayCounts {
  /** Events of the period when it began. */
  total: number;
  /** Taken by the receiver. */
  delivered: number;
  /** Refused at first: each is tried again by a run of its own. */
  failed: number;
}
