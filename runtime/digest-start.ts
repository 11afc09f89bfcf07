import type { WorkflowSignalWithStartOptions } from '@temporalio/client';
import type { DigestInput, DigestNews, DigestPlace } from '../contracts/digests.js';
import { DIGEST_TYPE } from '../contracts/digests.js';
import { digestWorkflowId } from '../contracts/ids.js';
import { priorityKey } from '../contracts/priorities.js';
import { searchAttributes } from './search-attributes.js';

/** How the workflow of a digest is told of a window: where none goes on, one begins with it. */
export function digestStart(place: DigestPlace, news: DigestNews, taskQueue: string) {
  const { tenantId, recipientId, digestKey } = place;
  return {
    workflowId: digestWorkflowId(place),
    taskQueue,
    args: [{ tenantId, recipientId, digestKey }] as [DigestInput],
    signal: 'addItem',
    signalArgs: [news] as [DigestNews],
    staticSummary: `digest ${digestKey} → ${recipientId}`,
    typedSearchAttributes: searchAttributes({
      CarillonTenant: tenantId,
      CarillonRecipient: recipientId,
      CarillonType: DIGEST_TYPE,
      CarillonStatus: 'digesting',
    }),
    priority: { priorityKey: priorityKey.normal, fairnessKey: tenantId },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  } as const satisfies WorkflowSignalWithStartOptions<[DigestNews]> & { args: [DigestInput] };
}
