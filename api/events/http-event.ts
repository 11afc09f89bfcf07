import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { MAX_EVENT_BYTES } from '../../contracts/inbound-events.js';
import { readBody } from '../../events/inbound/read-body.js';
import type { ApiDependencies } from '../dependencies.js';
import { verifyRequest } from '../../events/inbound/verify.js';
import { httpSourceName, sourceName } from '../../contracts/event-sources.js';
import { tenantId as tenantIdSchema } from '../../contracts/primitives.js';

/** Headers of an event that are kept: not those that prove who sent it. */
const KEPT = /^(x-|ce-|webhook-id$|webhook-timestamp$|content-type$|user-agent$|traceparent$)/;
const SECRET = /signature|secret|token|auth|key|cookie|x-forwarded|x-real-ip/;
const MAX_HEADERS = 50;
const MAX_HEADER_LENGTH = 1000;

/** Whose event it is, and what is known of it beside its body. */
export interface Origin {
  tenantId: string;
  source: string;
  /** What was signed with it, which nobody else can change: an ID, a digest. */
  signed?: string;
  /** Where in its body its ID stands. */
  idField: string | null;
}

/**
 * Reads the whole body.
 * @param maxBytes 1 MiB by default.
 * @throws CarillonError `payload_too_large` above that.
 */
export async function readBytes(stream: Readable, maxBytes = MAX_EVENT_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes)
        throw new CarillonError('payload_too_large', `the body is larger than ${maxBytes / 1024} KiB`);
      chunks.push(chunk);
    }
  } finally {
    // What is left unread after an error is let go, so that the answer finds a caller who is still sending.
    stream.resume();
  }
  return Buffer.concat(chunks);
}

/** @throws CarillonError `validation_failed` for what is no JSON object. */
export function parseBody(bytes: Buffer): Record<string, unknown> {
  const read = readBody(bytes);
  if ('refusal' in read) throw invalid('body', read.detail);
  return read.body;
}

/**
 * Whose event a request without an API key is: `{tenant}.{source}`, proved in the source's way.
 * @throws CarillonError `unauthenticated` where it is not proved, or there is no such source; `rate_limited` after too many
 * of these.
 */
export async function provenOrigin(
  deps: ApiDependencies,
  place: string,
  request: { body: Buffer; header: (name: string) => string | undefined; address: string },
): Promise<Origin> {
  const end = place.lastIndexOf('.');
  const [tenantId, source] = [place.slice(0, Math.max(0, end)), place.slice(end + 1)];
  const credential = `event-source ${place}`;
  await deps.requestLimits.beforeCredential(request.address, credential);
  const refuse = async (problem: string) => {
    await deps.requestLimits.wrongCredential(request.address);
    return new CarillonError('unauthenticated', problem);
  };
  const isName = tenantIdSchema.safeParse(tenantId).success && httpSourceName.safeParse(source).success;
  const found = isName ? await deps.models.eventSources.findWithSecrets(tenantId, source) : undefined;
  if (!found)
    throw await refuse('there is no such source: send to /v1/events/{tenant}.{source}, or with an API key');
  const { verification, idField } = found.source;
  const verified = verifyRequest(verification, found.secrets, request, Date.now());
  if (!verified.ok) throw await refuse(verified.problem);
  await deps.requestLimits.take(
    { kind: 'tenant', actor: `source:${source}`, tenantId, roles: [] },
    credential,
  );
  return {
    tenantId,
    source,
    idField,
    ...(verified.known === undefined ? {} : { signed: verified.known }),
  };
}

/**
 * Whose event one with a tenant's API key is; the key is proof enough.
 * @throws CarillonError `validation_failed` for what cannot be a source.
 */
export async function keyedOrigin(deps: ApiDependencies, tenantId: string, place: string): Promise<Origin> {
  if (!sourceName.safeParse(place).success) throw invalid('source', 'is not the name of a source');
  const known = await deps.models.eventSources.find(tenantId, place);
  return { tenantId, source: place, idField: known?.idField ?? null };
}

/** The headers that are kept with an event, in lower case. */
export function keptHeaders(stream: Readable): Record<string, string> {
  const { headers } = stream as IncomingMessage;
  const kept = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && KEPT.test(name) && !SECRET.test(name)
      ? [[name, value.slice(0, MAX_HEADER_LENGTH)]]
      : [],
  );
  return Object.fromEntries(kept.slice(0, MAX_HEADERS));
}
