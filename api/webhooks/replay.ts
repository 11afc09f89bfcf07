import { ulid } from 'ulid';
import { webhookReplayWorkflowId, webhookWorkflowId } from '../../contracts/ids.js';
import { isWanted, outboundEventTypes } from '../../contracts/outbound-events.js';
import type { WebhookReplayInput } from '../../contracts/webhook-run.js';
import type { WebhookEndpoint } from '../../models/webhook-endpoints.js';
import type { WebhookReplayRow } from '../../models/webhook-replays.js';
import { searchAttributes } from '../../runtime/search-attributes.js';
import { webhookStart } from '../../runtime/webhook-start.js';
import { withDeadline } from '../../commands/temporal-calls.js';
import type { ApiDependencies } from '../dependencies.js';

const DAY_MS = 86_400_000;

/** Stores a replay of a period, which counts what there is, and starts its run. */
export async function startReplay(
  deps: ApiDependencies,
  { tenantId, id: endpointId, events }: WebhookEndpoint,
  period: { from: string; to: string; events?: readonly string[] | undefined },
  actor: string,
): Promise<WebhookReplayRow> {
  const types = outboundEventTypes.filter((type) => isWanted(period.events ?? events, type));
  const [from, to] = [new Date(period.from), new Date(period.to)];
  const total = await deps.models.outboundEvents.countOfPeriod(tenantId, { from, to, types });
  const createdAt = new Date();
  const row: Omit<WebhookReplayRow, '_id'> = {
    tenantId,
    id: `whr_${ulid()}`,
    endpointId,
    from,
    to,
    types,
    status: 'running',
    counts: { total, delivered: 0, failed: 0 },
    createdBy: actor,
    createdAt,
    purgeAt: new Date(createdAt.getTime() + deps.config.CARILLON_OUTBOUND_EVENT_DAYS * DAY_MS),
  };
  const stored = await deps.models.webhookReplays.insert(row);
  try {
    await startRun(deps, row);
  } catch (error) {
    // Nobody would ever end it.
    await deps.models.webhookReplays.markEnded(tenantId, row.id, 'failed');
    throw error;
  }
  return stored;
}

async function startRun(deps: ApiDependencies, row: Omit<WebhookReplayRow, '_id'>): Promise<void> {
  const { tenantId, id: replayId, endpointId, from, to } = row;
  const input: WebhookReplayInput = { tenantId, replayId };
  await withDeadline(deps.client, () =>
    deps.client.workflow.start('webhookReplay', {
      workflowId: webhookReplayWorkflowId(tenantId, replayId),
      taskQueue: deps.taskQueue,
      args: [input],
      staticSummary: `events from ${from.toISOString()} to ${to.toISOString()} → ${endpointId}`,
      typedSearchAttributes: searchAttributes({
        CarillonTenant: tenantId,
        CarillonType: 'webhook',
        CarillonStatus: 'sending',
      }),
      priority: { priorityKey: 5, fairnessKey: tenantId },
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    }),
  );
}

/** Sends one event again, now: a run that waits for its next attempt is told, else a new one begins. */
export async function replayEvent(
  deps: ApiDependencies,
  { tenantId, id: endpointId }: WebhookEndpoint,
  eventId: string,
): Promise<{ workflowId: string }> {
  const input = { tenantId, endpointId, eventId, attempts: 0, waitMs: 0 };
  await withDeadline(deps.client, () =>
    deps.client.workflow.signalWithStart('webhookDelivery', {
      ...webhookStart(input, deps.taskQueue),
      signal: 'expedite',
      signalArgs: [],
    }),
  );
  return { workflowId: webhookWorkflowId(input) };
}
