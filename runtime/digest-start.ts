import type { DigestInput, DigestPlace } from '../contracts/digests.js';
import { DIGEST_TYPE } from '../contracts/digests.js';
import { digestWorkflowId } from '../contracts/ids.js';
import { priorityKey } from '../contracts/priorities.js';
import { searchAttributes } from './search-attributes.js';

/** How the workflow of a digest begins, with whichever signal it is told something. */
export function digestStart(place: DigestPlace, taskQueue: string) {
  const { tenantId, recipientId, digestKey } = place;
  return {
    workflowId: digestWorkflowId(place),
    taskQueue,
    args: [{ tenantId, recipientId, digestKey }] as [DigestInput],
    staticSummary: `digest ${digestKey} → ${recipientId}`,
    typedSearchAttributes: searchAttributes({
      CarillonTenant: tenantId,
      CarillonRecipient: recipientId,
      CarillonType: DIGEST_TYPE,
      CarillonStatus: 'digesting',
    }),
    priority: { priorityKey: priorityKey.normal, fairnessKey: tenantId },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  } as const;
}
