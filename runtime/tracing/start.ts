import type { Client } from '@temporalio/client';
import type { Config } from '../config.js';
import { context, propagation, trace } from '@opentelemetry/api';
import { setTracing } from './spans.js';

type ClientInterceptors = NonNullable<Client['options']['interceptors']>;

/** What a process that traces hands on. */
export interface Tracing {
  /** For Temporal clients: their calls carry the trace to the workflow. */
  clientInterceptors: ClientInterceptors;
  /** What the workers' spans are made from. */
  forWorkers: WorkerTracing;
  /** Sends what is not sent yet, and ends. */
  stop(): Promise<void>;
}

export interface WorkerTracing {
  /** Where spans go, and what they are said to come from. */
  processor: unknown;
  resource: unknown;
}

type TracingConfig = Pick<
  Config,
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
  | 'OTEL_SERVICE_NAME'
  | 'OTEL_SDK_DISABLED'
>;

/** Whether the environment asks for traces. */
export function wantsTraces(config: TracingConfig): boolean {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = config;
  return !config.OTEL_SDK_DISABLED && (all ?? traces) !== undefined;
}

/**
 * Begins to trace where the environment names an endpoint: spans go there by OTLP over HTTP, in batches, and none is waited
 * for. The packages are loaded only then. Headers, sampler and batches are OpenTelemetry's own variables
 * (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`), which it reads itself.
 */
export async function startTracing(config: TracingConfig, process: string): Promise<Tracing | undefined> {
  if (!wantsTraces(config)) return undefined;
  const [{ OTLPTraceExporter }, { Resource }, { BatchSpanProcessor }, { NodeTracerProvider }, temporal] =
    await Promise.all([
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/sdk-trace-node'),
      import('@temporalio/interceptors-opentelemetry'),
    ]);
  const resource = new Resource({ 'service.name': config.OTEL_SERVICE_NAME ?? `carillon-${process}` });
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = config;
  const url = traces ?? `${all?.replace(/\/+$/, '')}/v1/traces`;
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url }));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  setTracing(true);
  return {
    clientInterceptors: { workflow: [new temporal.OpenTelemetryWorkflowClientInterceptor()] },
    forWorkers: { processor, resource },
    async stop() {
      setTracing(false);
      for (const api of [trace, context, propagation]) api.disable();
      await provider.shutdown();
    },
  };
}
