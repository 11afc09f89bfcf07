import type { Request, RequestHandler } from 'express';
import { CarillonError } from '../../contracts/errors.js';

const LOOPBACK_ADDRESSES = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
/** What a proxy adds: behind one, everybody comes from its address. */
const SIGNS_OF_A_PROXY = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Lets only a browser on this very machine pass, which asked for this machine: the name that it asked for tells a page
 * whose own name was pointed here (DNS rebinding).
 */
export const onlyFromThisMachine: RequestHandler = (request, _response, next) => {
  if (!isFromThisMachine(request))
    throw new CarillonError('forbidden', 'this is for a browser on the machine that Carillon runs on');
  next();
};

/** True where {@link onlyFromThisMachine} lets it pass. */
export function isFromThisMachine(request: Request): boolean {
  return (
    LOOPBACK_ADDRESSES.test(request.socket.remoteAddress ?? '') &&
    LOOPBACK_NAMES.includes(hostname(request)) &&
    !SIGNS_OF_A_PROXY.some((name) => request.get(name) !== undefined)
  );
}

/** Lets only this server's own pages pass: what changes something has to say which page it is of. */
export const onlyFromOwnPages: RequestHandler = (request, _response, next) => {
  const origin = request.get('origin');
  const site = request.get('sec-fetch-site');
  const isOwn =
    (origin === undefined ? request.method === 'GET' : origin === ownOrigin(request)) &&
    (site === undefined || site === 'same-origin' || (site === 'none' && request.method === 'GET'));
  if (!isOwn) throw new CarillonError('forbidden', 'only this server’s own pages may ask this');
  next();
};

/** `http://127.0.0.1:3000`, as the browser calls this server. */
export function ownOrigin(request: Request): string {
  return `${request.protocol}://${request.get('host')}`;
}

function hostname(request: Request): string {
  return (request.get('host') ?? '').toLowerCase().replace(/:\d+$/, '');
}
