import { SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

let isOn = false;

/** Told by the process when it begins to trace, and when it ends that. */
export function setTracing(traces: boolean): void {
  isOn = traces;
}

/** Whether this process traces. Where it does not, nothing here costs more than this question. */
export function isTracing(): boolean {
  return isOn;
}

export const tracer = () => trace.getTracer('carillon');

/** What a span may say of itself: figures and names, never an address or a content. */
export type SpanFacts = Attributes;

/**
 * Runs work that goes out to somebody else as a span of its own, below the one that is under way.
 * @param outcomeOf what it came to: facts for the span, and whether it failed.
 */
export async function inSpan<T>(
  name: string,
  facts: SpanFacts,
  work: () => Promise<T>,
  outcomeOf: (value: T) => { facts: SpanFacts; failed: boolean },
): Promise<T> {
  if (!isOn) return work();
  return tracer().startActiveSpan(name, { kind: SpanKind.CLIENT, attributes: facts }, async (span) => {
    try {
      const value = await work();
      const outcome = outcomeOf(value);
      span.setAttributes(outcome.facts);
      if (outcome.failed) span.setStatus({ code: SpanStatusCode.ERROR });
      return value;
    } catch (error) {
      // Its message may hold anything.
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Of the trace that is under way here; undefined where there is none. */
export function activeTraceId(): string | undefined {
  return isOn ? trace.getActiveSpan()?.spanContext().traceId : undefined;
}
