import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { failureReasons } from '../contracts/errors.js';
import type { ErrorReports } from '../runtime/error-reports.js';
import { inLogContext } from '../runtime/log-context.js';
import type { Metrics } from '../runtime/metrics/metrics.js';
import { activeTraceId } from '../runtime/tracing/spans.js';

/** What a provider said, and what a caller asked for: neither is a fault of ours. */
const expected: ReadonlySet<string> = new Set([...failureReasons, 'too_late', 'interrupted']);

/**
 * Stands around every activity, local ones too: lines of the log say to which run they belong, how long it had waited is
 * measured, and an error of our own is reported. Changes nothing of what the activity takes and answers.
 */
export function watchActivities({
  metrics,
  errors,
}: {
  metrics: Metrics;
  errors: ErrorReports;
}): (context: Context) => { inbound: ActivityInboundCallsInterceptor } {
  return ({ info }) => ({
    inbound: {
      execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>) {
        const { activityType: activity, workflowExecution, isLocal } = info;
        if (!isLocal) {
          const waitedMs = Date.now() - info.currentAttemptScheduledTimestampMs;
          metrics.time('carillon_activity_schedule_to_start_seconds', { activity }, waitedMs / 1000);
        }
        const traceId = activeTraceId();
        const context = {
          workflowId: workflowExecution?.workflowId,
          runId: workflowExecution?.runId,
          activity,
          ...(traceId === undefined ? {} : { traceId }),
        };
        return inLogContext(context, async () => {
          try {
            return await next(input);
          } catch (error) {
            if (isOurs(error)) {
              metrics.count('carillon_activity_failures_total', { activity });
              errors.report(error, { where: 'activity' });
            }
            throw error;
          }
        });
      },
    },
  });
}

/** An error of our own: not a provider's failure that is retried or recorded, and not the end of a cancelled activity. */
export function isOurs(error: unknown): boolean {
  if (error instanceof CancelledFailure) return false;
  if (error instanceof Error && error.name === 'CompleteAsyncError') return false;
  return !(error instanceof ApplicationFailure && expected.has(error.type ?? ''));
}
