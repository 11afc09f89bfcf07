import type { FeedbackDependencies } from '../../events/callbacks/apply.js';
import { acknowledgeRun } from '../acknowledge.js';
import type { ApiDependencies } from '../dependencies.js';

/** What it takes to act on what is told of deliveries. */
export function feedbackDependencies(deps: ApiDependencies): FeedbackDependencies {
  return {
    models: deps.models,
    log: deps.log,
    async acknowledge(tenantId, id, by) {
      const row = await deps.models.notifications.findRequest(tenantId, id);
      if (row) await acknowledgeRun(deps, { tenantId, id, waiting: row.waiting }, by);
    },
  };
}
