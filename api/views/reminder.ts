import { z } from 'zod';
import { reminderWorkflowId } from '../../contracts/ids.js';
import { offsetMs, reminderStatuses } from '../../contracts/reminders.js';
import type { ReminderRow } from '../../models/reminders.js';
import type { Config } from '../../runtime/config.js';
import { temporalUrl } from './notification.js';

const time = z.iso.datetime();

export const reminderView = z.object({
  key: z.string(),
  status: z.enum(reminderStatuses),
  dueAt: time,
  offsets: z.array(z.string()),
  type: z.string(),
  recipient: z.string(),
  related: z.object({ type: z.string(), id: z.string() }).nullable(),
  /** The next one that is to be sent. */
  next: z.object({ offset: z.string(), at: time }).nullable(),
  /** The latest ones, oldest first. */
  sent: z.array(z.object({ offset: z.string(), dueAt: time, at: time, notificationId: z.string() })),
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
  workflowId: z.string(),
  temporalUrl: z.string().nullable(),
});

/** A reminder as the API shows it. */
export function showReminder(
  { config }: { config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'> },
  row: ReminderRow,
): z.output<typeof reminderView> {
  const workflowId = reminderWorkflowId(row);
  const [relatedType, ...relatedId] = row.related?.split(':') ?? [];
  return {
    key: row.key,
    status: row.status,
    dueAt: row.dueAt.toISOString(),
    offsets: row.offsets,
    type: row.type,
    recipient: row.recipientId,
    related: relatedType === undefined ? null : { type: relatedType, id: relatedId.join(':') },
    next: row.status === 'active' ? nextOf(row) : null,
    sent: row.sent.map(({ offset, dueAt, at, notificationId }) => ({
      offset,
      dueAt: dueAt.toISOString(),
      at: at.toISOString(),
      notificationId,
    })),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    workflowId,
    temporalUrl: temporalUrl(config, workflowId),
  };
}

function nextOf({ offsets, dueAt }: ReminderRow): { offset: string; at: string } | null {
  const times = offsets.map((offset) => ({ offset, atMs: dueAt.getTime() - offsetMs(offset) }));
  const ahead = times.filter(({ atMs }) => atMs > Date.now()).sort((one, other) => one.atMs - other.atMs);
  const [next] = ahead;
  return next ? { offset: next.offset, at: new Date(next.atMs).toISOString() } : null;
}
