import express, { type Express } from 'express';
import helmet from 'helmet';
import type { ApiDependencies } from './dependencies.js';
import { docs } from './docs.js';
import { answerErrors, notFound } from './middleware/errors.js';
import { requestId } from './middleware/request-id.js';
import { mount } from './mount.js';
import { openApiDocument } from './openapi.js';
import { routes } from './routes/routes.js';

/** The version that the API and its document carry. */
export const version = '0.1.0';

/** The HTTP application over its dependencies; whoever calls it listens. */
export function createApp(deps: ApiDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.use(requestId);
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          // The documentation page draws its icons and some inline styles itself.
          imgSrc: ["'self'", 'data:'],
          styleSrc: ["'self'", "'unsafe-inline'"],
          upgradeInsecureRequests: null,
        },
      },
      strictTransportSecurity: false,
    }),
  );
  app.use(docs(openApiDocument(routes, version)));
  app.use(mount(routes, deps));
  app.use(notFound);
  app.use(answerErrors(deps.log));
  return app;
}
