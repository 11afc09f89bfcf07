import { createHash } from 'node:crypto';
import type { NotificationInput } from '../../contracts/notification-run.js';
import {
  offsetMs,
  type RemindOutcome,
  type RemindRequest,
  type ReminderPut,
} from '../../contracts/reminders.js';
import type { Trigger } from '../../contracts/trigger.js';
import type { ReminderRow } from '../../models/reminders.js';
import { daysLeft } from '../../policy/days-left.js';
import { reminderStep } from '../../policy/reminders.js';
import type { ActivityDependencies } from '../dependencies.js';

/**
 * Sends what is due of a reminder, and says when the next one is. However often this is called, each offset of a date
 * goes out once: its notification's ID follows from them.
 */
export function createRemind(deps: ActivityDependencies) {
  const { reminders } = deps.models;

  return async function remind(request: RemindRequest): Promise<RemindOutcome> {
    const { tenantId, key } = request;
    const nowMs = Math.max(request.nowMs, Date.now());
    const row = await reminders.find(tenantId, key);
    if (row?.status !== 'active') return { status: row?.status ?? 'gone' };
    const dueAtMs = row.dueAt.getTime();
    const step = reminderStep(
      {
        dueAtMs,
        offsets: row.offsets.map(offsetMs),
        setAtMs: row.dueSetAt.getTime(),
        sent: row.sent.map((one) => ({ offsetMs: offsetMs(one.offset), dueAtMs: one.dueAt.getTime() })),
      },
      nowMs,
    );
    if (step.offsetMs !== undefined) await send(row, step.offsetMs, nowMs);
    if (step.next) {
      const { atMs } = step.next;
      return { status: 'active', nextAtMs: atMs, nextOffset: offsetOf(row, step.next.offsetMs) };
    }
    if (await reminders.markDone(row)) return { status: 'done' };
    // It was changed meanwhile: look again.
    return { status: 'active', nextAtMs: nowMs };
  };

  async function send(row: ReminderRow, ms: number, nowMs: number): Promise<void> {
    const { tenantId, key, dueAt, recipientId } = row;
    const vault = await deps.models.dataKeys.vault(tenantId);
    const asked = JSON.parse(vault.open(row.notification)) as ReminderPut['notification'];
    const id = notificationIdOf(row, ms);
    const input: NotificationInput = {
      tenantId,
      notificationId: id,
      recipientId,
      trigger: {
        ...asked,
        data: {
          ...asked.data,
          dueAt: dueAt.toISOString(),
          daysLeft: daysLeft(nowMs, dueAt.getTime(), await zoneOf(row, asked)),
        },
      },
      requestHash: id,
      acceptedAtMs: nowMs,
    };
    await deps.runs.start(input);
    const sent = { offset: offsetOf(row, ms), dueAt, at: new Date(nowMs), notificationId: id };
    await reminders.markSent(tenantId, key, sent);
  }

  /** The person's own, else the tenant's. */
  async function zoneOf(
    { tenantId, recipientId }: ReminderRow,
    { to }: Pick<Trigger, 'to'>,
  ): Promise<string> {
    const { recipient } = to;
    if (typeof recipient === 'object' && 'timezone' in recipient && recipient.timezone)
      return recipient.timezone;
    const contact = await deps.models.subscribers.contact(tenantId, recipientId);
    if (contact?.timezone) return contact.timezone;
    return (await deps.models.tenants.find(tenantId))?.timezone ?? 'UTC';
  }
}

function offsetOf(row: ReminderRow, ms: number): string {
  return row.offsets.find((offset) => offsetMs(offset) === ms) ?? '';
}

function notificationIdOf({ tenantId, key, dueAt }: ReminderRow, ms: number): string {
  const parts = [tenantId, key, dueAt.toISOString(), ms].join('\0');
  return `ntf_r${createHash('sha256').update(parts).digest('hex').slice(0, 32)}`;
}
