import {
  CancellationScope,
  condition,
  continueAsNew,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { RemindOutcome, ReminderInput, ReminderResult } from '../contracts/reminders.js';
import type { ReminderActivities } from './activity-types.js';
import { cancelSignal, recheckSignal } from './messages.js';
import { describeNote } from './requests.js';
import { planningPolicy } from './retry-policies.js';
import { showStatus } from './visibility.js';

const { remind, withdrawReminder } = proxyLocalActivities<ReminderActivities>(planningPolicy);

/**
 * One due date that somebody is reminded of: sleeps until the next of its times, sends, and sleeps again. What it says
 * is in MongoDB; a date that is moved, or a reminder that ended, is a `recheck` here.
 */
export async function reminder(input: ReminderInput): Promise<ReminderResult> {
  let looks = 0;
  let cancelled: { note: string | undefined } | undefined;
  setHandler(recheckSignal, () => {
    looks += 1;
  });
  setHandler(cancelSignal, (note) => {
    cancelled ??= { note: describeNote(note) };
  });
  const scope = CancellationScope.current();
  const cancelledFromOutside = () => {
    cancelled ??= { note: 'cancellation requested from Temporal' };
  };
  if (scope.consideredCancelled) cancelledFromOutside();
  scope.cancelRequested.catch(cancelledFromOutside);
  return CancellationScope.nonCancellable(run);

  async function run(): Promise<ReminderResult> {
    for (;;) {
      const seen = looks;
      if (cancelled) await withdrawReminder({ ...input, ...cancelled });
      cancelled = undefined;
      const next = await remind({ ...input, nowMs: Date.now() });
      const isTold = () => looks > seen || cancelled !== undefined;
      if (next.nextAtMs === undefined && !isTold()) return end(next.status);
      if (workflowInfo().continueAsNewSuggested && !isTold()) await continueAsNew<typeof reminder>(input);
      const waitMs = (next.nextAtMs ?? 0) - Date.now();
      if (waitMs <= 0) continue;
      showStatus('held');
      setCurrentDetails(detailsOf(next));
      await condition(isTold, waitMs);
    }
  }
}

function end(status: ReminderResult['status']): ReminderResult {
  setCurrentDetails(status);
  showStatus(status === 'done' ? 'sent' : 'cancelled');
  return { status };
}

function detailsOf({ nextAtMs, nextOffset }: RemindOutcome): string {
  return `reminds at ${new Date(nextAtMs ?? 0).toISOString()}, ${nextOffset ?? ''} before the date`;
}
