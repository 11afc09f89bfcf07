import type { Request, RequestHandler, Response } from 'express';
import { CarillonError } from '../../contracts/errors.js';
import type { ApiDependencies } from '../dependencies.js';

const ALLOWED_HEADERS = 'Authorization, Content-Type, Idempotency-Key, X-Request-Id, X-Tenant-Id';
const ALLOWED_METHODS = 'GET, POST, PUT, PATCH, DELETE';
const EXPOSED_HEADERS = 'Retry-After, X-Request-Id';
/** Seconds that a browser may remember a preflight's answer. */
const PREFLIGHT_SECONDS = '600';

type OriginDependencies = Pick<ApiDependencies, 'tenantAuth'>;

/** Whether pages of this origin may call for people and servers of this tenant; for sockets, too. */
export async function mayCallFrom(
  origin: string,
  tenantId: string,
  deps: OriginDependencies,
): Promise<boolean> {
  return (await deps.tenantAuth.of(tenantId))?.allowedOrigins.includes(origin) ?? false;
}

/**
 * Answers a browser that asks before it calls. It says neither who will call nor for which tenant, so an origin that any
 * tenant lists may ask on; the answer to the call itself is then shown to pages of the caller's own tenant only.
 */
export function preflight(deps: ApiDependencies): RequestHandler {
  return async (request, response, next) => {
    const origin = request.get('origin');
    if (request.method !== 'OPTIONS' || origin === undefined) return next();
    if (request.get('access-control-request-method') === undefined) return next();
    response.vary('Origin');
    if (!(await deps.tenantAuth.isOriginAllowed(origin)))
      throw new CarillonError('forbidden', 'no tenant lets pages of this origin call');
    response
      .set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Methods': ALLOWED_METHODS,
        'Access-Control-Allow-Headers': ALLOWED_HEADERS,
        'Access-Control-Max-Age': PREFLIGHT_SECONDS,
      })
      .status(204)
      .end();
  };
}

/** Lets a browser show the answer to the page that called, if the caller's tenant lists the page's origin. */
export async function showToOrigin(
  request: Request,
  response: Response,
  tenantId: string | undefined,
  deps: OriginDependencies,
): Promise<void> {
  response.vary('Origin');
  const origin = request.get('origin');
  if (origin !== undefined && tenantId !== undefined && (await mayCallFrom(origin, tenantId, deps)))
    show(response, origin);
}

/** The same for a caller who is nobody: so that a page can tell that its token has expired. Says nothing of a tenant. */
export async function showRefusalToOrigin(
  request: Request,
  response: Response,
  deps: OriginDependencies,
): Promise<void> {
  response.vary('Origin');
  const origin = request.get('origin');
  if (origin !== undefined && (await deps.tenantAuth.isOriginAllowed(origin))) show(response, origin);
}

function show(response: Response, origin: string): void {
  response.set({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': EXPOSED_HEADERS,
  });
}
