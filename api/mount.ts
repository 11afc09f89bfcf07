import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import { sendPieces } from './send-pieces.js';
import { sendEvents } from './server-events.js';
import { CarillonError, invalid } from '../contracts/errors.js';
import { checkDepth } from '../contracts/parse.js';
import { externalId, MAX_BODY_BYTES } from '../contracts/primitives.js';
import { hasRole, type Access, type Caller } from './caller.js';
import type { ApiDependencies } from './dependencies.js';
import { authenticate } from './middleware/authenticate.js';
import { showRefusalToOrigin, showToOrigin } from './middleware/cors.js';
import { answeredBy } from './middleware/measure.js';
import { parseRequest } from './middleware/parse.js';
import type { Answer, AuditedAnswer, Route, RouteRequest } from './route.js';

/** Mounts routes: who calls, then what they say, then the handler. The body is read only once the caller is known. */
export function mount(routes: readonly Route[], deps: ApiDependencies): Router {
  const router = Router({ caseSensitive: true });
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    router[route.method](path, handler(route, deps));
  }
  return router;
}

function handler(route: Route, deps: ApiDependencies): RequestHandler {
  const readJson = express.json({
    limit: MAX_BODY_BYTES,
    strict: false,
    type: () => true,
    verify: route.bodyOptional ? undefined : refuseEmpty,
  });
  return async (request, response) => {
    answeredBy(response, route.path);
    const caller = await identify(request, response, route, deps);
    if (route.body) await readBody(request, response, readJson);
    const mediaType = route.stream ? streamedAs(route.stream, request) : '';
    const answer = await route.handle(
      {
        params: route.params ? parseRequest(deps, route.params, request.params) : {},
        query: route.query ? parseRequest(deps, route.query, request.query) : refuseQuery(request),
        body: route.body ? parseBody(deps, route.body, route, request) : undefined,
        tenantId: 'tenantId' in caller ? (caller.tenantId ?? '') : '',
        recipientId: caller.kind === 'person' && route.access === 'person' ? caller.recipientId : '',
        actor: 'actor' in caller ? caller.actor : '',
        idempotencyKey: idempotencyKey(request),
        may: (role: 'manager' | 'admin') =>
          caller.kind === 'platform' || ('roles' in caller && hasRole(caller.roles, role)),
        stream: request,
        header: (name: string) => request.get(name),
        address: request.ip ?? '',
        mediaType,
        url: request.originalUrl,
      } as unknown as RouteRequest<never, never, never>,
      deps,
    );
    await recordAudit(deps, route.audit, caller, answer);
    if (answer.headers) response.set(answer.headers);
    if (answer.events) return sendEvents(response.status(answer.status), answer.events);
    if (answer.pieces) return sendPieces(response.status(answer.status), answer.pieces);
    if (answer.file) response.status(answer.status).type(answer.file.type).send(answer.file.bytes);
    else if (answer.html !== undefined) response.status(answer.status).type('html').send(answer.html);
    else if (answer.text !== undefined) response.status(answer.status).send(answer.text);
    else if (answer.body === undefined) response.status(answer.status).end();
    else response.status(answer.status).json(answer.body);
  };
}

/** Who calls, and whether the page that calls for them may see the answer, an error too. */
async function identify(
  request: Request,
  response: Response,
  route: Route,
  deps: ApiDependencies,
): Promise<Caller> {
  const access = accessTo(route, request);
  if (access === 'public') return { kind: 'nobody' };
  const showing = (caller: Caller) =>
    showToOrigin(request, response, 'tenantId' in caller ? caller.tenantId : undefined, deps);
  try {
    return await authenticate(request, access, deps, showing);
  } catch (error) {
    if (error instanceof CarillonError && error.code === 'unauthenticated')
      await showRefusalToOrigin(request, response, deps);
    throw error;
  }
}

/** Who brings a key of ours is asked for no other proof. */
function accessTo({ access }: Route, request: Request): Exclude<Access, 'signed'> {
  if (access !== 'signed') return access;
  return /^Bearer ck_/i.test(request.get('authorization') ?? '') ? 'sender' : 'public';
}

async function recordAudit(
  deps: ApiDependencies,
  action: string | undefined,
  caller: Caller,
  answer: Answer | AuditedAnswer,
): Promise<void> {
  if (action === undefined || caller.kind === 'nobody') return;
  if (!('audited' in answer) || answer.audited === undefined) return;
  const { tenantId = caller.tenantId ?? '', ...entry } = answer.audited;
  await deps.models.audit.record(tenantId, { actor: caller.actor, action, ...entry });
}

/** The media type of a streamed body: the only one, unless the caller names another. */
function streamedAs(known: Record<string, string>, request: Request): string {
  const names = Object.keys(known);
  if ((request.get('content-encoding') ?? 'identity') !== 'identity')
    throw invalid('Content-Encoding', 'is not taken here: send it uncompressed');
  const named = request.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const found = named === undefined ? names[0] : names.find((name) => name === named);
  if (found === undefined) throw invalid('Content-Type', `must be ${names.join(' or ')}`);
  return found;
}

function readBody(
  request: Request,
  response: Parameters<RequestHandler>[1],
  readJson: RequestHandler,
): Promise<void> {
  return new Promise((resolve, reject) => {
    readJson(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
}

/** An empty body is not `{}`: a PUT that lost its body on the way would otherwise replace all by nothing. */
function refuseEmpty(_request: unknown, _response: unknown, bytes: Buffer): void {
  if (bytes.length === 0) throw missingBody();
}

function missingBody() {
  return invalid('body', 'is missing: send JSON');
}

function parseBody(
  deps: ApiDependencies,
  schema: NonNullable<Route['body']>,
  { bodyOptional }: Route,
  request: Request,
): unknown {
  const body = request.body as unknown;
  if (body === undefined) {
    if (bodyOptional) return {};
    throw missingBody();
  }
  checkDepth(body);
  return parseRequest(deps, schema, body);
}

function refuseQuery(request: Request): Record<string, never> {
  const [unknown] = Object.keys(request.query);
  if (unknown !== undefined) throw invalid(unknown, 'is not a known query parameter');
  return {};
}

function idempotencyKey(request: Request): string | undefined {
  const given = request.get('idempotency-key');
  if (given === undefined) return undefined;
  const parsed = externalId.safeParse(given);
  if (!parsed.success) throw invalid('Idempotency-Key', parsed.error.issues[0]?.message ?? 'is not valid');
  return parsed.data;
}
