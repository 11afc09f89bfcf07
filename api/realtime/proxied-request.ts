import type { IncomingMessage } from 'node:http';
import type { Express, Request } from 'express';

/**
 * A request that did not pass through Express, seen with its eyes: `ip` and `secure` as far as proxies are trusted.
 */
export function proxiedRequest(
  app: Express,
  { headers, socket }: IncomingMessage,
): Pick<Request, 'ip' | 'secure'> {
  return Object.create(app.request, { headers: { value: headers }, socket: { value: socket } }) as Request;
}
