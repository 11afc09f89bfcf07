import type { WorkflowStartOptions } from '@temporalio/client';
import type { ErasureInput } from '../contracts/erasures.js';
import { erasureWorkflowId } from '../contracts/ids.js';
import { searchAttributes } from './search-attributes.js';

/** Behind what people wait for. */
const PRIORITY = 4;

/** How an erasure's run is started, once; nothing of it names the person. */
export function erasureStart(input: ErasureInput, pseudonym: string, taskQueue: string) {
  const { tenantId, erasureId } = input;
  return {
    workflowId: erasureWorkflowId(tenantId, pseudonym),
    taskQueue,
    args: [{ tenantId, erasureId }] as [ErasureInput],
    staticSummary: `erasure ${erasureId}`,
    typedSearchAttributes: searchAttributes({
      CarillonTenant: tenantId,
      CarillonType: 'erasure',
      CarillonStatus: 'sending',
    }),
    priority: { priorityKey: PRIORITY, fairnessKey: tenantId },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
  } as const satisfies WorkflowStartOptions & { args: [ErasureInput] };
}
