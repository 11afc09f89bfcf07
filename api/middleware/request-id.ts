import type { RequestHandler } from 'express';
import { ulid } from 'ulid';

/** Gives every answer an `X-Request-Id`: the caller's own if it is a plain one, else a new one. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id');
  const id = given !== undefined && /^[\w.-]{1,100}$/.test(given) ? given : ulid();
  response.locals.requestId = id;
  response.set('X-Request-Id', id);
  next();
};
