import type { ErrorRequestHandler, RequestHandler } from 'express';
import { CarillonError, errorStatus, invalid } from '../../contracts/errors.js';
import { isAway } from '../../runtime/dependency-away.js';
import type { ErrorReports } from '../../runtime/error-reports.js';
import type { Logger } from '../../runtime/logger.js';

/** What no route took. */
export const notFound: RequestHandler = (request) => {
  throw new CarillonError('not_found', `there is no ${request.method} ${request.path}`);
};

/** Answers every error in the one shape. Internals are logged under the request's ID and never answered. */
export function answerErrors({
  log,
  errors,
}: {
  log: Logger;
  errors?: Pick<ErrorReports, 'report'>;
}): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = translate(error);
    const requestId = response.locals.requestId as string | undefined;
    if (known.code === 'internal')
      log.error({ requestId, method: request.method, err: error }, 'request failed');
    if (known.code === 'unavailable') log.warn({ requestId, err: error }, 'a dependency is away');
    if (errorStatus[known.code] >= 500) {
      const route = response.locals.route as string | undefined;
      errors?.report(error, { where: 'request', ...(route === undefined ? {} : { route }) });
    }
    if (known.retryAfterMs !== undefined)
      response.set('Retry-After', String(Math.ceil(known.retryAfterMs / 1000)));
    response.status(errorStatus[known.code]).json({
      detail: known.detail,
      code: known.code,
      ...(known.errors ? { errors: known.errors } : {}),
    });
  };
}

/** Any error as one of the table. */
export function translate(error: unknown): CarillonError {
  if (error instanceof CarillonError) return error;
  if (isAway(error)) {
    return new CarillonError('unavailable', 'Temporal or MongoDB cannot be reached; try again', undefined, {
      cause: error,
      retryAfterMs: 2_000,
    });
  }
  if (isHttpError(error)) return fromHttp(error);
  return new CarillonError('internal', 'something went wrong on our side', undefined, { cause: error });
}

interface HttpError extends Error {
  status: number;
  type?: string;
}

function isHttpError(error: unknown): error is HttpError {
  return (
    error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500
  );
}

const bodyMessages: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'is not valid JSON',
  'charset.unsupported': 'must be UTF-8',
  'encoding.unsupported': 'must be sent plain, or with gzip, deflate or br',
  'request.size.invalid': 'is not as long as Content-Length says',
};

/** What Express and its body parser say. */
function fromHttp(error: HttpError): CarillonError {
  if (error.status === 413) return new CarillonError('payload_too_large', 'the body is larger than 1 MiB');
  if (error.status === 404) return new CarillonError('not_found', 'not found');
  if (error instanceof URIError) return invalid('path', 'is not valid percent-encoding');
  return invalid('body', bodyMessages[error.type ?? ''] ?? 'cannot be read');
}
