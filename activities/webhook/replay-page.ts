import { Context } from '@temporalio/activity';
import type { ReplayPage, ReplayPageRequest } from '../../contracts/webhook-run.js';
import { attemptEvent, type AttemptMade } from '../../events/outbound/attempt.js';
import { eventOf, type OutboundEventRow } from '../../models/outbound-events.js';
import type { WebhookEndpoint } from '../../models/webhook-endpoints.js';
import type { ActivityDependencies } from '../dependencies.js';
import { inParallel } from '../in-parallel.js';
import { webhooksOf } from './attempt-webhook.js';

/** Sent at a time, and recorded together: a crash has at most so many sent once more. */
const PORTION = 8;
const PORTIONS_PER_PAGE = 50;
const nothing = { total: 0, delivered: 0, failed: 0 };

/**
 * Sends the next events of a replay, the oldest first. One that is refused gets a run of its own, which tries it again;
 * where a whole portion is, the page ends, and the workflow waits. Repeated, it goes on where it was.
 */
export function createReplayPage(deps: ActivityDependencies) {
  const { webhookEndpoints, webhookReplays, webhookAttempts, outboundEvents } = deps.models;

  return async function replayPage({ tenantId, replayId }: ReplayPageRequest): Promise<ReplayPage> {
    let row = await webhookReplays.find(tenantId, replayId);
    for (let portion = 0; ; portion += 1) {
      const endpoint = row && (await webhookEndpoints.find(tenantId, row.endpointId));
      if (!row || row.status !== 'running' || !endpoint?.enabled)
        return { counts: row?.counts ?? nothing, done: true, isInVain: false, gone: true };
      if (portion === PORTIONS_PER_PAGE) return { counts: row.counts, done: false, isInVain: false };
      const events = await outboundEvents.ofPeriod(tenantId, row, row.position, PORTION);
      const last = events.at(-1);
      if (!last) return { counts: row.counts, done: true, isInVain: false };
      const attempts: AttemptMade[] = [];
      await inParallel(events, PORTION, async (event) => {
        attempts.push(await send(endpoint, event));
      });
      await webhookAttempts.insert(attempts.map((made) => made.row));
      const failed = attempts.filter((made) => made.row.outcome === 'failed').length;
      row = await webhookReplays.markSent(tenantId, replayId, {
        position: { at: last.at, id: last._id },
        delivered: attempts.length - failed,
        failed,
      });
      Context.current().heartbeat();
      if (row && failed === events.length && events.length === PORTION)
        return { counts: row.counts, done: false, isInVain: true };
    }
  };

  async function send(endpoint: WebhookEndpoint, event: OutboundEventRow): Promise<AttemptMade> {
    const { tenantId, id: endpointId } = endpoint;
    const made = await attemptEvent(webhooksOf(deps), endpoint, eventOf(event), {
      kind: 'replay',
      attempt: 1,
    });
    if (!made) throw new Error('an attempt that nobody stopped was stopped');
    if (made.waitMs !== undefined)
      await deps.runs.retryWebhook({
        tenantId,
        endpointId,
        eventId: event.id,
        attempts: 1,
        waitMs: made.waitMs,
      });
    return made;
  }
}
