import type { NotificationActivities } from '../workflows/activity-types.js';
import { createAbandon } from './abandon.js';
import { createDeliver } from './deliver.js';
import type { ActivityDependencies } from './dependencies.js';
import { createPlan } from './plan.js';
import { preparedCache } from './prepared.js';
import { createSettle } from './settle.js';

/** Everything that workflows call, over the dependencies of one worker process. */
export function createActivities(deps: ActivityDependencies): NotificationActivities {
  const prepared = preparedCache();
  return {
    plan: createPlan(deps, prepared),
    deliver: createDeliver(deps, prepared),
    settle: createSettle(deps),
    abandon: createAbandon(deps),
  };
}
