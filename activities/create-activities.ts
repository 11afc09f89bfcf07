import type {
  BroadcastActivities,
  DigestActivities,
  ErasureActivities,
  HousekeepingActivities,
  NotificationActivities,
  RedriveActivities,
  ProviderActivities,
  ReminderActivities,
  ReplayActivities,
  ScheduleActivities,
  WebhookActivities,
} from '../workflows/activity-types.js';
import { createAbandon } from './abandon.js';
import { createBeginBroadcast } from './broadcast/begin-broadcast.js';
import { createCancelWaiting } from './broadcast/cancel-waiting.js';
import { createMarkBroadcast } from './broadcast/mark-broadcast.js';
import { createSendPage } from './broadcast/send-page.js';
import { createDeliver } from './deliver.js';
import type { ActivityDependencies } from './dependencies.js';
import { createCloseDigest } from './digest/close-digest.js';
import { createDropDigest } from './digest/drop-digest.js';
import { createHandOver } from './digest/hand-over.js';
import { createMoveDigest } from './digest/move-digest.js';
import { createRemoveItem } from './digest/remove-item.js';
import { createPurge } from './housekeeping/purge.js';
import { createBeginErasure } from './erasure/begin-erasure.js';
import { createCertifyErasure } from './erasure/certify-erasure.js';
import { createEndWaiting } from './erasure/end-waiting.js';
import { createEraseRows } from './erasure/erase-rows.js';
import { createEraseRuns } from './erasure/erase-runs.js';
import { createRollUp } from './housekeeping/roll-up.js';
import { createPlan } from './plan.js';
import { createDrainProvider } from './provider/drain.js';
import { createProbeProvider } from './provider/probe.js';
import { preparedCache } from './prepared.js';
import { createBeginRedrive } from './redrive/begin-redrive.js';
import { createEndRedrive } from './redrive/end-redrive.js';
import { createRedrivePage } from './redrive/redrive-page.js';
import { createRemind } from './reminder/remind.js';
import { createWithdrawReminder } from './reminder/withdraw-reminder.js';
import { createSendScheduled } from './schedule/send-scheduled.js';
import { createReopen } from './reopen.js';
import { createSettle } from './settle.js';
import { createAttemptWebhook } from './webhook/attempt-webhook.js';
import { createEndReplay } from './webhook/end-replay.js';
import { createReplayPage } from './webhook/replay-page.js';

/**
 * What is called on the queue of the workflows: all of a notification's and a provider's, and of a broadcast's what
 * runs in its workflow task.
 */
export function createActivities(
  deps: ActivityDependencies,
): NotificationActivities &
  DigestActivities &
  ProviderActivities &
  ReminderActivities &
  ScheduleActivities &
  WebhookActivities &
  HousekeepingActivities &
  Pick<BroadcastActivities, 'markBroadcast'> {
  const prepared = preparedCache();
  const plan = createPlan(deps, prepared);
  return {
    plan,
    deliver: createDeliver(deps, prepared),
    settle: createSettle(deps),
    reopen: createReopen(deps),
    abandon: createAbandon(deps),
    closeDigest: createCloseDigest(deps, plan),
    dropDigest: createDropDigest(deps),
    moveDigest: createMoveDigest(deps),
    removeItem: createRemoveItem(deps),
    handOver: createHandOver(deps),
    probeProvider: createProbeProvider(deps),
    drainProvider: createDrainProvider(deps),
    sendScheduled: createSendScheduled(deps),
    remind: createRemind(deps),
    withdrawReminder: createWithdrawReminder(deps),
    markBroadcast: createMarkBroadcast(deps),
    attemptWebhook: createAttemptWebhook(deps),
    rollUp: createRollUp(deps),
    purge: createPurge(deps),
  };
}

/** What the workflows of broadcasts, redrives, replays and erasures call, on the queue for bulk work. */
export function createBulkActivities(
  deps: ActivityDependencies,
): Omit<BroadcastActivities, 'markBroadcast'> & RedriveActivities & ReplayActivities & ErasureActivities {
  return {
    beginRedrive: createBeginRedrive(deps),
    redrivePage: createRedrivePage(deps),
    endRedrive: createEndRedrive(deps),
    replayPage: createReplayPage(deps),
    endReplay: createEndReplay(deps),
    beginErasure: createBeginErasure(deps),
    endWaiting: createEndWaiting(deps),
    eraseRuns: createEraseRuns(deps),
    eraseRows: createEraseRows(deps),
    certifyErasure: createCertifyErasure(deps),
    beginBroadcast: createBeginBroadcast(deps),
    sendPage: createSendPage(deps),
    cancelWaiting: createCancelWaiting(deps),
  };
}
