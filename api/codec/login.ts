import express, { Router } from 'express';
import { isPlatformKey } from '../middleware/authenticate.js';
import type { ApiDependencies } from '../dependencies.js';
import { OPERATOR_SESSION_SECONDS } from '../operator-sessions.js';
import { SESSION_COOKIE } from './web-ui.js';

/** `/codec/login`: where an operator's browser gets the session that the Web UI then calls the codec server with. */
export function codecLogin(deps: ApiDependencies): Router {
  const router = Router();
  router.get('/codec/login', (_request, response) => void response.type('html').send(page(form)));
  router.post(
    '/codec/login',
    express.urlencoded({ extended: false, limit: '4kb' }),
    async (request, response) => {
      const given = (request.body as { key?: unknown } | undefined)?.key;
      const key = typeof given === 'string' ? given.trim() : '';
      const address = request.ip ?? '';
      await deps.requestLimits.beforeCredential(address, key);
      if (!isPlatformKey(key, deps)) {
        await deps.requestLimits.wrongCredential(address);
        response
          .status(401)
          .type('html')
          .send(page(`<p>This is not a platform key.</p>${form}`));
        return;
      }
      response.cookie(SESSION_COOKIE, (await deps.codecSessions.open(key)).token, {
        httpOnly: true,
        sameSite: 'strict',
        secure: request.secure,
        path: '/codec',
        maxAge: OPERATOR_SESSION_SECONDS * 1000,
      });
      response.type('html').send(page(loggedIn));
    },
  );
  return router;
}

const form = `
    <form method="post" action="/codec/login">
      <label>Platform key <input type="password" name="key" autocomplete="off" required autofocus /></label>
      <button>Log in</button>
    </form>`;

const loggedIn = `
    <p>This browser may decode what the Temporal Web UI shows, for eight hours.</p>
    <p>Once per browser: in the Web UI, open the codec server's settings (the glasses at the top right), enter the address
    of this page without <code>/login</code>, and switch on “Include cross-origin credentials”.</p>`;

const page = (content: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Carillon codec server</title>
  </head>
  <body>
    <h1>Carillon codec server</h1>${content}
  </body>
</html>`;
