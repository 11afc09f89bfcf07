import type { IncomingHttpHeaders } from 'node:http';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { isTracing, tracer } from './spans.js';

/** The span of one HTTP request. */
export interface RequestSpan {
  traceId: string;
  /** Runs what belongs to it. */
  within<T>(work: () => T): T;
  /** @param route the path as the OpenAPI document has it: what was really asked for may hold IDs of people. */
  end(route: string, status: number): void;
}

/** Begins one, below the caller's where its headers name one (W3C Trace Context); undefined where tracing is off. */
export function beginRequestSpan(method: string, headers: IncomingHttpHeaders): RequestSpan | undefined {
  if (!isTracing()) return undefined;
  const parent = propagation.extract(context.active(), headers);
  const span = tracer().startSpan(method, { kind: SpanKind.SERVER }, parent);
  const own = trace.setSpan(parent, span);
  return {
    traceId: span.spanContext().traceId,
    within: (work) => context.with(own, work),
    end(route, status) {
      span.updateName(`${method} ${route}`);
      span.setAttributes({
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
      });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
