import express, { type Express } from 'express';
import helmet from 'helmet';
import { codecLogin } from './codec/login.js';
import { webUiAccess } from './codec/web-ui.js';
import type { ApiDependencies } from './dependencies.js';
import { operatorConsole } from './console/console.js';
import { demo } from './demo/demo.js';
import { docs } from './docs.js';
import { preflight } from './middleware/cors.js';
import { answerErrors, notFound } from './middleware/errors.js';
import { requireTls } from './middleware/require-tls.js';
import { measureRequests } from './middleware/measure.js';
import { requestId } from './middleware/request-id.js';
import { mount } from './mount.js';
import { openApiDocument } from './openapi.js';
import { routes } from './routes/routes.js';
import { webFiles } from './web-files.js';

/** The version that the API and its document carry. */
export const version = '0.1.0';

const YEAR_SECONDS = 31_536_000;

/** The HTTP application over its dependencies; whoever calls it listens. */
export function createApp(deps: ApiDependencies): Express {
  const app = express();
  const { CARILLON_REQUIRE_TLS: isTlsRequired, CARILLON_TRUSTED_PROXIES: trustedProxies } = deps.config;
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.set('trust proxy', trustedProxies);
  app.use(requestId);
  app.use(measureRequests(deps));
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          // The documentation page draws its icons and some inline styles itself.
          imgSrc: ["'self'", 'data:'],
          styleSrc: ["'self'", "'unsafe-inline'"],
          upgradeInsecureRequests: isTlsRequired ? [] : null,
        },
      },
      // Only for this very host: what stands beside it under the same name is not ours to decide about.
      strictTransportSecurity: isTlsRequired ? { maxAge: YEAR_SECONDS, includeSubDomains: false } : false,
    }),
  );
  if (isTlsRequired) app.use(requireTls);
  app.use('/codec', webUiAccess(deps));
  app.use(webFiles());
  app.use(preflight(deps));
  app.use(codecLogin(deps));
  app.use(docs(openApiDocument(routes, version)));
  const { CARILLON_DEMO_TENANT: demoTenant } = deps.config;
  if (demoTenant !== undefined) app.use(demo(deps, demoTenant));
  app.use(operatorConsole(deps));
  app.use(mount(routes, deps));
  app.use(notFound);
  app.use(answerErrors(deps));
  return app;
}
