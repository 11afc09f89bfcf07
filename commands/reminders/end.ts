import { CarillonError } from '../../contracts/errors.js';
import { reminderWorkflowId } from '../../contracts/ids.js';
import type { ReminderRow } from '../../models/reminders.js';
import { recheckSignal } from '../../workflows/messages.js';
import type { CommandDependencies } from '../dependencies.js';
import { tell } from '../temporal-calls.js';
import { sentFor } from './make.js';
import { stopUnsent } from '../notifications/stop-unsent.js';

/**
 * Ends a reminder in MongoDB, which is what counts, and then its run and what waits of it. Answers what it was before.
 * @throws CarillonError `not_found`
 */
export async function endReminder(
  deps: CommandDependencies,
  tenantId: string,
  key: string,
  { as, by }: { as: 'completed' | 'withdrawn'; by: string },
): Promise<ReminderRow> {
  const row = await deps.models.reminders.markEnded(tenantId, key, as);
  if (!row) throw unknownReminder(key);
  const handle = deps.client.workflow.getHandle(reminderWorkflowId(row));
  try {
    await tell(deps.client, () => handle.signal(recheckSignal));
  } catch (error) {
    if (!(error instanceof CarillonError) || error.code !== 'too_late') throw error;
  }
  await stopUnsent(deps, tenantId, sentFor(row), { by, reason: `the reminder was ${as}` });
  return row;
}

export function unknownReminder(key: string): CarillonError {
  return new CarillonError('not_found', `there is no reminder "${key}"`);
}
