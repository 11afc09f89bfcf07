import type { ReminderPut } from '../../contracts/reminders.js';
import type { ReminderRow } from '../../models/reminders.js';
import type { CommandDependencies } from '../dependencies.js';
import { putReminder } from './make.js';

/**
 * Moves a reminder to another date; what it says stays as it is. One that is not there is made, where it is said what of.
 * One that has ended begins anew.
 * @returns false where there is none.
 */
export async function moveReminder(
  deps: CommandDependencies,
  tenantId: string,
  key: string,
  to: { dueAt: string; made?: Pick<ReminderPut, 'offsets' | 'notification'> | undefined },
  actor: string,
): Promise<boolean> {
  const row = await deps.models.reminders.find(tenantId, key);
  const what = row ? await saidOf(deps, row) : to.made;
  if (!what) return false;
  await putReminder(deps, tenantId, key, { ...what, dueAt: to.dueAt }, actor);
  return true;
}

async function saidOf(
  deps: CommandDependencies,
  { tenantId, offsets, notification }: ReminderRow,
): Promise<Pick<ReminderPut, 'offsets' | 'notification'>> {
  const vault = await deps.models.dataKeys.vault(tenantId);
  return {
    offsets,
    notification: JSON.parse(vault.open(notification)) as ReminderPut['notification'],
  };
}
