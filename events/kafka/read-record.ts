import type { KafkaMessage } from 'kafkajs';
import type { InboundEvent, Refusal } from '../../contracts/inbound-events.js';
import { tenantId as tenantIdSchema } from '../../contracts/primitives.js';
import { eventIdOf, ownIdOf, ownTimeOf } from '../inbound/event-id.js';
import { readBody } from '../inbound/read-body.js';
import { valueAt } from '../inbound/scope.js';

/** How tenants and IDs are told from records. */
export interface RecordSettings {
  /** Topics, each with the one tenant that it belongs to, or null. */
  topics: ReadonlyMap<string, string | null>;
  tenantField: string;
  tenantHeader: string;
  idField: string | undefined;
}

/** Where a record stands. */
export interface RecordPlace {
  topic: string;
  partition: number;
}

/** A record's event, or why it is none that could be anybody's. */
export type ReadRecord = { event: InboundEvent } | { refusal: Refusal; detail: string; tenantId?: string };

const MAX_HEADERS = 50;
const MAX_HEADER_LENGTH = 1000;

/** Reads a record: JSON, whose it is, what it is known by, when it happened. Whether there is such a tenant is not asked. */
export function readRecord(
  settings: RecordSettings,
  { topic, partition }: RecordPlace,
  message: Pick<KafkaMessage, 'key' | 'value' | 'headers' | 'offset' | 'timestamp'>,
  receivedAt: Date,
): ReadRecord {
  const read = readBody(message.value ?? Buffer.alloc(0));
  if ('refusal' in read) return { refusal: read.refusal, detail: `the value ${read.detail}` };
  const { body } = read;
  const headers = headersOf(message.headers);
  const whose = tenantOf(settings, topic, body, headers);
  if ('refusal' in whose) return whose;
  const { tenantId } = whose;
  const known = headers.ce_id ?? ownIdOf(body, settings.idField ?? null);
  const position = { topic, partition, offset: message.offset };
  return {
    event: {
      tenantId,
      id: eventIdOf(
        { tenantId, source: topic },
        known === undefined ? `at ${topic}/${partition}/${message.offset}` : `id ${known}`,
      ),
      via: 'kafka',
      source: topic,
      body,
      headers,
      ...(message.key ? { key: message.key.toString().slice(0, MAX_HEADER_LENGTH) } : {}),
      at: ownTimeOf(body) ?? recordTime(message.timestamp) ?? receivedAt,
      receivedAt,
      position,
    },
  };
}

function tenantOf(
  { topics, tenantField, tenantHeader }: RecordSettings,
  topic: string,
  body: Record<string, unknown>,
  headers: Record<string, string>,
): { tenantId: string } | { refusal: Refusal; detail: string } {
  const field = valueAt(body, tenantField);
  const named = [
    topics.get(topic),
    headers[tenantHeader.toLowerCase()],
    typeof field === 'number' ? String(field) : field,
  ].filter((one) => one !== undefined && one !== null && one !== '');
  const [tenantId] = named;
  if (tenantId === undefined)
    return {
      refusal: 'no_tenant',
      detail: `neither the header ${tenantHeader} nor the field ${tenantField} names a tenant`,
    };
  if (!tenantIdSchema.safeParse(tenantId).success)
    return { refusal: 'unknown_tenant', detail: 'what it names is no tenant’s ID' };
  if (named.some((one) => one !== tenantId))
    return { refusal: 'another_tenant', detail: 'topic, header and field do not name the same tenant' };
  return { tenantId: tenantId as string };
}

/** In lower case; of several with one name the last. */
function headersOf(headers: KafkaMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers ?? {}).flatMap(([name, value]): [string, string][] => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return last === undefined ? [] : [[name.toLowerCase(), last.toString().slice(0, MAX_HEADER_LENGTH)]];
  });
  return Object.fromEntries(entries.slice(0, MAX_HEADERS));
}

/** Milliseconds since 1970, where the producer or the broker gave one. */
function recordTime(timestamp: string): Date | undefined {
  const ms = Number(timestamp);
  return Number.isInteger(ms) && ms > 0 && ms <= 8.64e15 ? new Date(ms) : undefined;
}
