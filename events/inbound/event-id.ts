import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { valueAt } from './scope.js';

/**
 * An event's ID in Carillon: made from where it came from and what it is known by there, so that a delivery of it again finds
 * it; a new one where nothing is known.
 */
export function eventIdOf(place: { tenantId: string; source: string }, known: string | undefined): string {
  if (known === undefined) return `evt_${ulid()}`;
  const text = [place.tenantId, place.source, known].join('\u0000');
  return `evt_k${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/**
 * The ID that an event gives itself: at `field` where one is named; else `event_id`, `eventId`, or the `id` of an envelope, of
 * CloudEvents 1.0 (section "Required Attributes") or one with `type` and `data`. An `id` elsewhere may be that of the thing
 * that the event is about.
 */
export function ownIdOf(body: Record<string, unknown>, field: string | null): string | undefined {
  if (field !== null) return textOf(valueAt(body, field));
  const isEnvelope =
    typeof body.type === 'string' && (body.specversion !== undefined || body.data !== undefined);
  const named = textOf(body.event_id) ?? textOf(body.eventId);
  return named ?? (isEnvelope ? textOf(body.id) : undefined);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * When an event says that it happened: `timestamp`, `occurred_at`, `occurredAt`, or the `time` of CloudEvents; ISO 8601, or
 * seconds or milliseconds since 1970. Undefined where it does not say.
 */
export function ownTimeOf(body: Record<string, unknown>): Date | undefined {
  const said =
    body.timestamp ??
    body.occurred_at ??
    body.occurredAt ??
    (body.specversion === undefined ? undefined : body.time);
  const ms = typeof said === 'number' ? epochMs(said) : typeof said === 'string' ? isoMs(said) : NaN;
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms) : undefined;
}

/** Seconds until the year 5138, milliseconds from 1973 on. */
function epochMs(value: number): number {
  return value < 1e11 ? value * 1000 : value;
}

function isoMs(text: string): number {
  return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
}
