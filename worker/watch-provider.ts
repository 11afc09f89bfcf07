import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { providerWorkflowId } from '../contracts/ids.js';
import { providerName, type ProviderPlace } from '../contracts/provider-run.js';
import { searchAttributes } from '../runtime/search-attributes.js';

/** Above everything that waits for the provider. */
const PRIORITY = 1;

/** Starts the run that watches over a provider that is down, unless it is there already. */
export async function watchProvider(client: Client, taskQueue: string, place: ProviderPlace): Promise<void> {
  try {
    await client.workflow.start('provider', {
      workflowId: providerWorkflowId(place),
      taskQueue,
      args: [place],
      staticSummary: `${providerName(place)} of ${place.tenantId} is down`,
      typedSearchAttributes: searchAttributes({
        CarillonTenant: place.tenantId,
        CarillonType: 'provider',
        CarillonStatus: 'down',
      }),
      priority: { priorityKey: PRIORITY, fairnessKey: place.tenantId },
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
