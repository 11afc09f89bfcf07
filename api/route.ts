import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Access } from './caller.js';
import type { ApiDependencies } from './dependencies.js';

type Schema = z.ZodType;
type Shape = z.ZodObject;

/** What a handler is given: parsed, never raw. */
export interface RouteRequest<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** The tenant that the caller acts in; empty on public and platform routes, and for who signs. */
  tenantId: string;
  /** The person who calls; empty unless the route is a person's. */
  recipientId: string;
  /** For the audit trail: `key:key_01…`, `person:u-42`, `platform`. */
  actor: string;
  idempotencyKey: string | undefined;
  /** True when the caller has at least this role; a platform key that names the tenant has all. */
  may: (role: 'manager' | 'admin') => boolean;
  /** The body, unread, and the media type that it comes as, where the route takes a `stream`. */
  stream: Readable;
  /** A header of the request, where it has it. */
  header: (name: string) => string | undefined;
  /** Of the caller's network; empty where it is not known. */
  address: string;
  mediaType: string;
  /** Path and query, as they came. */
  url: string;
}

/** One of an answer's Server-Sent Events. */
export interface ServerEvent {
  event: string;
  data: unknown;
}

export interface Answer {
  status: number;
  /** JSON; absent for 204. */
  body?: unknown;
  /** A page in place of JSON. */
  html?: string;
  /** Text in place of JSON, of the type that `headers` name. */
  text?: string;
  /** A file in place of JSON, and its media type. */
  file?: { type: string; bytes: Buffer };
  /** JSON in pieces, written as they come, in place of a body. */
  pieces?: AsyncIterable<string>;
  headers?: Record<string, string>;
  /** Server-Sent Events in place of a body. Ended, by `return`, when the caller goes away. */
  events?: AsyncIterator<ServerEvent, void, void>;
}

/** What was acted on, and what it was and became, with secrets masked. */
export interface AuditEntry {
  subject: string;
  before?: unknown;
  after?: unknown;
  /** Default: the one that the caller acts in. */
  tenantId?: string;
}

/** An answer that says what the audit trail is to tell; undefined where nothing was changed. */
export interface AuditedAnswer extends Answer {
  audited: AuditEntry | undefined;
}

/** One operation of the API: everything that mounting it and describing it in OpenAPI needs. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In OpenAPI's form: `/v1/notifications/{id}`. */
  path: string;
  tag: string;
  summary: string;
  access: Access;
  /** What the audit trail calls it, e.g. `api_key.revoked`. */
  audit?: string;
  params?: Shape;
  query?: Shape;
  body?: Schema;
  /** True when the body may be left out altogether. */
  bodyOptional?: boolean;
  idempotent?: boolean;
  /** Media types, each with what a line of it is, of a body that the handler reads as it comes. */
  stream?: Record<string, string>;
  /** What success looks like: status → description and, where there is a body, its schema. */
  answers: Record<number, { description: string; schema?: Schema; mediaType?: string }>;
  handle(request: RouteRequest<never, never, never>, deps: ApiDependencies): Promise<Answer | AuditedAnswer>;
}

type Parsed<S> = S extends Schema ? z.output<S> : Record<string, never>;

type Definition<P, Q, B, A extends Answer> = Omit<Route, 'audit' | 'params' | 'query' | 'body' | 'handle'> & {
  params?: P;
  query?: Q;
  body?: B;
  handle(request: RouteRequest<Parsed<P>, Parsed<Q>, Parsed<B>>, deps: ApiDependencies): Promise<A>;
};

/** What needs no trail: reading, and the everyday calls of applications and people. */
type Unaudited = { audit?: undefined } & (
  { method: 'get' } | { access: 'public' | 'signed' | 'person' | 'sender' }
);

/**
 * Declares a route; its handler's parameters are inferred from its schemas. Whoever may be a manager, an admin or an
 * operator leaves a trail of what they change: such a route names its `audit`, and its handler answers what to record.
 */
export function route<P extends Shape | undefined, Q extends Shape | undefined, B extends Schema | undefined>(
  definition: Definition<P, Q, B, Answer> & Unaudited,
): Route;
export function route<P extends Shape | undefined, Q extends Shape | undefined, B extends Schema | undefined>(
  definition: Definition<P, Q, B, AuditedAnswer> & { audit: string },
): Route;
export function route(definition: Route): Route {
  return definition;
}
