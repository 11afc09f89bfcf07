import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { WorkerTracing } from '../runtime/tracing/start.js';

/** The module that the bundle of a tracing worker has in addition. */
export const workflowTracing = '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors';

/** What a worker needs so that workflows and activities are spans of the trace that their starter began. */
export async function tracedWorker({ processor, resource }: WorkerTracing): Promise<{
  activity: ActivityInterceptorsFactory;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  sinks: InjectedSinks<any>;
}> {
  const { OpenTelemetryActivityInboundInterceptor, makeWorkflowExporter } =
    await import('@temporalio/interceptors-opentelemetry');
  return {
    activity: (context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) }),
    sinks: { exporter: makeWorkflowExporter(processor as never, resource as never) },
  };
}
