import { createHash } from 'node:crypto';
import { broadcastInput } from '../../contracts/broadcast-input.js';
import type { RecurringBroadcast, RecurringTrigger } from '../../contracts/later.js';
import type { SendScheduledOutcome, SendScheduledRequest } from '../../contracts/schedules.js';
import type { DraftedBroadcast } from '../../models/broadcast-drafts.js';
import { recipientIdOf } from '../../models/recipient-id.js';
import type { ScheduleRow } from '../../models/schedules.js';
import type { ActivityDependencies } from '../dependencies.js';

/**
 * Sends what a schedule sends at one of its times: starts the notification, or stores the broadcast for its run to be
 * started. Their IDs follow from schedule and time, so the same time again, in a backfill say, sends nothing more.
 */
export function createSendScheduled(deps: ActivityDependencies) {
  const { models } = deps;

  return async function sendScheduled(request: SendScheduledRequest): Promise<SendScheduledOutcome> {
    const { tenantId, scheduleId } = request;
    const row = await models.schedules.find(tenantId, scheduleId);
    if (!row) return { status: 'gone' };
    const sent = await send(row, request);
    await models.schedules.markRun(tenantId, scheduleId, {
      at: new Date(request.atMs),
      startedAt: new Date(),
      ...(sent.notificationId === undefined ? {} : { notificationId: sent.notificationId }),
      ...(sent.broadcast ? { broadcastId: sent.broadcast.input.broadcastId } : {}),
    });
    return sent;
  };

  async function send(row: ScheduleRow, request: SendScheduledRequest): Promise<SendScheduledOutcome> {
    const vault = await models.dataKeys.vault(row.tenantId);
    const body = JSON.parse(vault.open(row.body)) as RecurringBroadcast | RecurringTrigger;
    if ('name' in body) {
      const { name, to, audience, spreadOver, ...message } = body;
      return sendBroadcast(row, request, { name, to, audience, spreadOver, message });
    }
    const { to, ...message } = body;
    if (!('recipient' in to)) {
      return sendBroadcast(row, request, { name: message.type, to, message });
    }
    const notificationId = `ntf_s${hashOf(row, request)}`;
    await deps.runs.start({
      tenantId: row.tenantId,
      notificationId,
      recipientId: recipientIdOf(vault, to.recipient),
      trigger: { ...message, to },
      requestHash: notificationId,
      acceptedAtMs: Math.max(request.nowMs, Date.now()),
    });
    return { status: 'sent', notificationId };
  }

  async function sendBroadcast(
    row: ScheduleRow,
    request: SendScheduledRequest,
    draft: DraftedBroadcast,
  ): Promise<SendScheduledOutcome> {
    const { tenantId } = row;
    const id = `brd_s${hashOf(row, request)}`;
    const made = { status: 'scheduled', requestHash: id, createdBy: `schedule:${row.id}` } as const;
    const stored = await models.broadcastDrafts.store({ tenantId, id }, draft, made);
    const input = broadcastInput(stored.row, draft.message.priority, deps.bulk.sizes);
    return { status: 'sent', broadcast: { input, name: draft.name } };
  }
}

function hashOf({ tenantId, id, createdAt }: ScheduleRow, { atMs }: SendScheduledRequest): string {
  // A schedule that was made anew under the ID of one that was deleted is another.
  const parts = [tenantId, id, createdAt.getTime(), atMs].join('\0');
  return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}
