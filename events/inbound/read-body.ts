import { MAX_EVENT_BYTES, type Refusal } from '../../contracts/inbound-events.js';
import { isTooDeep } from '../../contracts/parse.js';
import { MAX_DEPTH } from '../../contracts/primitives.js';

/** An event's body, or why it is none. */
export type ReadBody = { body: Record<string, unknown> } | { refusal: Refusal; detail: string };

/** Reads an event's bytes: JSON, an object, not too large and not too deep. */
export function readBody(bytes: Buffer): ReadBody {
  if (bytes.length > MAX_EVENT_BYTES) return { refusal: 'too_large', detail: 'is larger than 1 MiB' };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    return { refusal: 'not_json', detail: 'is not JSON in UTF-8' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { refusal: 'not_an_object', detail: 'is JSON, but no object' };
  if (isTooDeep(value)) return { refusal: 'too_deep', detail: `is nested deeper than ${MAX_DEPTH} levels` };
  return { body: value as Record<string, unknown> };
}
