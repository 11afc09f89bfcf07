import type { RequestHandler, Response } from 'express';
import { inLogContext } from '../../runtime/log-context.js';
import type { Logger } from '../../runtime/logger.js';
import type { Metrics } from '../../runtime/metrics/metrics.js';
import { beginRequestSpan } from '../../runtime/tracing/request-span.js';

/** What no route took, or what is a file: one series, whatever paths somebody tries out. */
const OTHER = 'other';
/** Who asks every few seconds is no story to be told. */
const WATCHERS = /^\/(health\/|metrics$)/;
const STREAM = /^text\/event-stream/;

/** Told, by whoever mounts it, which route answers: its path as the OpenAPI document has it. */
export function answeredBy(response: Response, path: string): void {
  response.locals.route = path;
}

/**
 * Times every request, has a trace begin with it where tracing is on, and gives each line of the log that is written for
 * it the request's ID.
 */
export function measureRequests({ metrics, log }: { metrics: Metrics; log: Logger }): RequestHandler {
  return (request, response, next) => {
    const beganMs = performance.now();
    const requestId = response.locals.requestId as string;
    const { method } = request;
    const span = WATCHERS.test(request.path) ? undefined : beginRequestSpan(method, request.headers);
    const context = { requestId, ...(span ? { traceId: span.traceId } : {}) };
    response.once('close', () => {
      const route = (response.locals.route as string | undefined) ?? OTHER;
      // Who left before the answer came has seen none.
      const status = response.writableFinished ? response.statusCode : 499;
      const seconds = (performance.now() - beganMs) / 1000;
      span?.end(route, status);
      if (!STREAM.test(String(response.getHeader('content-type'))))
        metrics.time(
          'carillon_http_request_duration_seconds',
          { method, route, status: String(status) },
          seconds,
        );
      const durationMs = Math.round(seconds * 1000);
      log.debug({ ...context, method, route, status, durationMs }, 'request answered');
    });
    inLogContext(context, () => (span ? span.within(next) : next()));
  };
}
