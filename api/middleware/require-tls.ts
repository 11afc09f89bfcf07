import type { RequestHandler } from 'express';
import { CarillonError } from '../../contracts/errors.js';

/**
 * Refuses what came in the clear. By what protocol it came, a proxy may say only if it is a trusted one. Whoever watches
 * the process asks `/health` and `/metrics` from inside, without a certificate.
 */
export const requireTls: RequestHandler = (request, _response, next) => {
  if (!request.secure && !request.path.startsWith('/health/') && request.path !== '/metrics')
    throw new CarillonError('forbidden', 'this is only answered over https');
  next();
};
