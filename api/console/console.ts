import { Router } from 'express';
import { CarillonError } from '../../contracts/errors.js';
import { isFromThisMachine, onlyFromOwnPages, onlyFromThisMachine } from '../demo/only-from-here.js';
import type { ApiDependencies } from '../dependencies.js';
import { consolePage } from './page.js';

/** Which no form and no other site's page can send. */
const OWN_HEADER = 'x-carillon-console';

/**
 * `/console`: the operators' page. It calls the API with the key that its reader signs in with. Where Carillon is tried
 * out (`CARILLON_DEMO_TENANT`), its reader may also sign in without one, from a browser on this very machine.
 */
export function operatorConsole(deps: ApiDependencies): Router {
  const router = Router({ caseSensitive: true });
  const { CARILLON_DEMO_TENANT: demoTenant, CARILLON_BOOTSTRAP_KEY: platformKey } = deps.config;
  // The page asks before it offers that: the tenant to begin with, null where it is not to be had.
  router.get('/console/session', (request, response) => {
    const isOffered = demoTenant !== undefined && platformKey !== undefined && isFromThisMachine(request);
    response.set('Cache-Control', 'no-store').json({ tenantId: isOffered ? demoTenant : null });
  });
  if (demoTenant !== undefined && platformKey !== undefined) {
    router.post('/console/session', onlyFromThisMachine, onlyFromOwnPages, async (request, response) => {
      if (request.get(OWN_HEADER) === undefined)
        throw new CarillonError('forbidden', `only the console may ask this: it sends ${OWN_HEADER}`);
      const session = await deps.consoleSessions.open(platformKey);
      response.set('Cache-Control', 'no-store').json({ ...session, tenantId: demoTenant });
    });
  }
  router.use('/console', consolePage());
  return router;
}
