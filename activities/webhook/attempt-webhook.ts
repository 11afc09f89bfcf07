import type { AttemptWebhookRequest, WebhookAttemptOutcome } from '../../contracts/webhook-run.js';
import { attemptEvent } from '../../events/outbound/attempt.js';
import { eventOf } from '../../models/outbound-events.js';
import type { ActivityDependencies } from '../dependencies.js';

/** One more attempt to hand an event to an endpoint, and its record. Repeated, the receiver may get it twice. */
export function createAttemptWebhook(deps: ActivityDependencies) {
  const { webhookEndpoints, webhookAttempts, outboundEvents } = deps.models;

  return async function attemptWebhook(request: AttemptWebhookRequest): Promise<WebhookAttemptOutcome> {
    const { tenantId, eventId, endpointId, attempt, isReplay } = request;
    const [endpoint, event] = await Promise.all([
      webhookEndpoints.find(tenantId, endpointId),
      outboundEvents.find(tenantId, eventId),
    ]);
    if (!endpoint) return { status: 'dropped', detail: 'the endpoint is gone' };
    if (!endpoint.enabled) return { status: 'dropped', detail: 'the endpoint is disabled' };
    if (!event) return { status: 'dropped', detail: 'the event is not kept any more' };
    const kind = isReplay ? 'replay' : attempt === 1 ? 'first' : 'retry';
    const made = await attemptEvent(webhooksOf(deps), endpoint, eventOf(event), { kind, attempt });
    if (!made) throw new Error('an attempt that nobody stopped was stopped');
    const { row, waitMs, disabled } = made;
    await webhookAttempts.insert([row]);
    if (row.outcome === 'delivered') return { status: 'delivered' };
    const detail = disabled ? `the endpoint was disabled: ${disabled}` : detailOf(row);
    return waitMs === undefined ? { status: 'failed', detail } : { status: 'retry', waitMs, detail };
  };
}

/** What attempts need of it. */
export function webhooksOf({ models, network, log, webhooks }: ActivityDependencies) {
  return { models, network, log, keepDays: webhooks.keepDays };
}

function detailOf({ status, response }: { status?: number; response?: string }): string {
  return [status, response].filter((part) => part !== undefined).join(' ') || 'no answer';
}
