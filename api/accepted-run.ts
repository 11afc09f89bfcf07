import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { status as grpcStatus } from '@grpc/grpc-js';
import { notificationWorkflowId } from '../contracts/ids.js';
import type { NotificationInput } from '../contracts/notification-run.js';
import type { ApiDependencies } from './dependencies.js';
import { withDeadline } from '../commands/temporal-calls.js';

/** What Temporal holds of a notification whose plan is not stored. */
export interface AcceptedRun {
  input: NotificationInput;
  /** `COMPLETED` where the plan was stored after all, and perhaps purged since. */
  status: 'RUNNING' | 'COMPLETED' | 'OTHER';
}

/** Reads what a notification's run was started with; undefined when there is no such run. */
export async function findAcceptedRun(
  deps: Pick<ApiDependencies, 'client'>,
  tenantId: string,
  id: string,
): Promise<AcceptedRun | undefined> {
  const { client } = deps;
  const workflowId = notificationWorkflowId(tenantId, id);
  const { namespace } = client.options;
  try {
    const [run, { history }] = await withDeadline(client, () =>
      Promise.all([
        client.workflow.getHandle(workflowId).describe(),
        client.workflowService.getWorkflowExecutionHistory({
          namespace,
          execution: { workflowId },
          maximumPageSize: 1,
        }),
      ]),
    );
    const sealed = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
    let payloads = sealed;
    for (const codec of payloadCodecs) payloads = await codec.decode(payloads);
    const [payload] = payloads;
    if (!payload) return undefined;
    const { name } = run.status;
    return {
      input: payloadConverter.fromPayload<NotificationInput>(payload),
      status: name === 'RUNNING' || name === 'COMPLETED' ? name : 'OTHER',
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  return isGrpcServiceError(error) && error.code === grpcStatus.NOT_FOUND;
}
