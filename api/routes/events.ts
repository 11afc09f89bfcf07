import { ulid } from 'ulid';
import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { sourceName } from '../../contracts/event-sources.js';
import { eventStatuses, type InboundEvent } from '../../contracts/inbound-events.js';
import { externalId } from '../../contracts/primitives.js';
import { eventIdOf, ownIdOf, ownTimeOf } from '../../events/inbound/event-id.js';
import type { InboundEventRow } from '../../models/inbound-events.js';
import { UnsealError } from '../../runtime/key-ring.js';
import type { ApiDependencies } from '../dependencies.js';
import { keptHeaders, keyedOrigin, parseBody, provenOrigin, readBytes } from '../events/http-event.js';
import { receive } from '../events/receive.js';
import { route } from '../route.js';
import { idParams, instantParameter, pageOf, paging } from '../schemas.js';
import { eventFullView, eventView, showEvent } from '../views/inbound-event.js';

const tag = 'events';
const received = eventView.extend({
  duplicate: z.boolean().describe('it came before, and this is what it led to then'),
});

const post = route({
  method: 'post',
  path: '/v1/events/{source}',
  tag,
  summary:
    'Take an event in: with an API key `{source}` is any name, without one `{tenant}.{name}` of an event source, which proves itself',
  access: 'signed',
  idempotent: true,
  params: z.object({ source: z.string().min(1).max(400) }),
  stream: {
    'application/json': 'The event, a JSON object',
    'application/cloudevents+json': 'The event, in the JSON format of CloudEvents 1.0',
  },
  answers: {
    202: { description: 'taken; `steps` say what it led to', schema: received },
    200: { description: 'the same event as before', schema: received },
  },
  async handle({ params: { source: place }, tenantId, stream, header, address, idempotencyKey }, deps) {
    const bytes = await readBytes(stream);
    const origin =
      tenantId === ''
        ? await provenOrigin(deps, place, { body: bytes, header, address })
        : await keyedOrigin(deps, tenantId, place);
    const body = parseBody(bytes);
    const now = new Date();
    const event: InboundEvent = {
      tenantId: origin.tenantId,
      id: eventIdOf(origin, knownBy(origin, body, idempotencyKey)),
      via: 'http',
      source: origin.source,
      body,
      headers: keptHeaders(stream),
      at: ownTimeOf(body) ?? now,
      receivedAt: now,
    };
    const { row, duplicate } = await receive(deps, event);
    if (row.reason === 'from_the_future')
      throw new CarillonError('unprocessable', 'the event says that it has not happened yet', [
        { path: 'timestamp', message: 'is more than 5 minutes ahead of our clock' },
      ]);
    return { status: duplicate ? 200 : 202, body: { ...showEvent(row), duplicate } };
  },
});

/** What the event is known by. Of a signed one nothing counts that somebody who sends it again could change. */
function knownBy(
  { signed, idField }: { signed?: string; idField: string | null },
  body: Record<string, unknown>,
  idempotencyKey: string | undefined,
): string | undefined {
  const own = ownIdOf(body, idField);
  if (signed !== undefined) return own === undefined ? `signed ${signed}` : `id ${own}`;
  if (idempotencyKey !== undefined) return `key ${idempotencyKey}`;
  return own === undefined ? undefined : `id ${own}`;
}

const list = route({
  method: 'get',
  path: '/v1/events',
  tag,
  summary: 'List events that came in, newest first, with what they led to',
  access: 'sender',
  query: z.strictObject({
    source: sourceName.optional(),
    status: z.enum(eventStatuses).optional(),
    recipient: externalId.optional(),
    from: instantParameter,
    to: instantParameter,
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(eventView) } },
  async handle({ tenantId, query }, deps) {
    return { status: 200, body: await deps.models.inboundEvents.list(tenantId, query, showEvent) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/events/{id}',
  tag,
  summary: 'One event that came in, with what it says',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'the event', schema: eventFullView } },
  async handle({ tenantId, params: { id } }, deps) {
    const row = await find(deps, tenantId, id);
    const { body, headers, key } = await payloadOf(deps, row);
    return { status: 200, body: { ...showEvent(row), event: body, headers, key: key ?? null } };
  },
});

const replay = route({
  method: 'post',
  path: '/v1/events/{id}/replay',
  tag,
  summary: 'Hold an event against the rules as they are now, as a new one: what it leads to is sent again',
  access: 'manager',
  audit: 'event.replayed',
  params: idParams,
  answers: { 202: { description: 'taken again', schema: received } },
  async handle({ tenantId, params: { id } }, deps) {
    const before = await find(deps, tenantId, id);
    const payload = await payloadOf(deps, before);
    const now = new Date();
    const { row } = await receive(deps, {
      tenantId,
      id: `evt_${ulid()}`,
      via: 'replay',
      source: before.source,
      ...payload,
      at: before.at,
      receivedAt: now,
      replayOf: id,
    });
    return {
      status: 202,
      body: { ...showEvent(row), duplicate: false },
      audited: { subject: id, after: { id: row.id, status: row.status } },
    };
  },
});

async function find({ models }: ApiDependencies, tenantId: string, id: string): Promise<InboundEventRow> {
  const row = await models.inboundEvents.find(tenantId, id);
  if (!row) throw new CarillonError('not_found', `there is no event "${id}"`);
  return row;
}

async function payloadOf({ models }: ApiDependencies, row: InboundEventRow) {
  try {
    return await models.inboundEvents.payloadOf(row);
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    throw new CarillonError('unprocessable', 'what the event says cannot be opened any more');
  }
}

export const eventRoutes = [post, list, get, replay];
