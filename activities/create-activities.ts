import type { BroadcastActivities, NotificationActivities } from '../workflows/activity-types.js';
import { createAbandon } from './abandon.js';
import { createBeginBroadcast } from './broadcast/begin-broadcast.js';
import { createCancelWaiting } from './broadcast/cancel-waiting.js';
import { createMarkBroadcast } from './broadcast/mark-broadcast.js';
import { createSendPage } from './broadcast/send-page.js';
import { createDeliver } from './deliver.js';
import type { ActivityDependencies } from './dependencies.js';
import { createPlan } from './plan.js';
import { preparedCache } from './prepared.js';
import { createSettle } from './settle.js';

/**
 * What is called on the queue of the workflows: all of a notification's, and of a broadcast's what runs in its workflow
 * task.
 */
export function createActivities(
  deps: ActivityDependencies,
): NotificationActivities & Pick<BroadcastActivities, 'markBroadcast'> {
  const prepared = preparedCache();
  return {
    plan: createPlan(deps, prepared),
    deliver: createDeliver(deps, prepared),
    settle: createSettle(deps),
    abandon: createAbandon(deps),
    markBroadcast: createMarkBroadcast(deps),
  };
}

/** What a broadcast's workflow calls, on the queue for bulk work. */
export function createBroadcastActivities(
  deps: ActivityDependencies,
): Omit<BroadcastActivities, 'markBroadcast'> {
  return {
    beginBroadcast: createBeginBroadcast(deps),
    sendPage: createSendPage(deps),
    cancelWaiting: createCancelWaiting(deps),
  };
}
