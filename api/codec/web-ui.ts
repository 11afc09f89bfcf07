import type { Request, RequestHandler } from 'express';
import type { ApiDependencies } from '../dependencies.js';

export const SESSION_COOKIE = 'carillon_codec';

/**
 * Lets the Temporal Web UI, a page of another origin, call the codec server with the operator's session. The session stands
 * for the platform key that opened it: so the routes have one way to be called, and one rule of who may. It counts only
 * where the browser says that the Web UI's page calls, or one of this server's own.
 */
export function webUiAccess(deps: ApiDependencies): RequestHandler {
  const { TEMPORAL_UI_URL: uiUrl, CARILLON_BOOTSTRAP_KEY: platformKey } = deps.config;
  const uiOrigin = uiUrl === undefined ? undefined : new URL(uiUrl).origin;
  return async (request, response, next) => {
    response.vary('Origin');
    const origin = request.get('origin');
    const isWebUi = origin !== undefined && origin === uiOrigin;
    if (isWebUi)
      response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' });
    if (isWebUi && request.method === 'OPTIONS') {
      response
        .set({
          'Access-Control-Allow-Methods': 'POST',
          'Access-Control-Allow-Headers': 'Authorization, Authorization-Extras, Content-Type, X-Namespace',
          'Access-Control-Max-Age': '600',
        })
        .status(204)
        .end();
      return;
    }
    const session = sessionOf(request);
    const isCalledByPage = isWebUi || origin === `${request.protocol}://${request.get('host')}`;
    if (
      request.get('authorization') === undefined &&
      isCalledByPage &&
      session !== undefined &&
      platformKey !== undefined &&
      (await deps.codecSessions.isOpen(session, platformKey))
    )
      request.headers.authorization = `Bearer ${platformKey}`;
    next();
  };
}

function sessionOf(request: Request): string | undefined {
  return new RegExp(`(?:^|; ?)${SESSION_COOKIE}=([\\w.-]+)`).exec(request.get('cookie') ?? '')?.[1];
}
