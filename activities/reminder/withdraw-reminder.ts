import type { WithdrawRequest } from '../../contracts/reminders.js';
import type { ActivityDependencies } from '../dependencies.js';

/** Ends a reminder whose run an operator stopped, unless it has ended in another way. */
export function createWithdrawReminder({ models, log }: ActivityDependencies) {
  return async function withdrawReminder({ tenantId, key, note }: WithdrawRequest): Promise<void> {
    const row = await models.reminders.find(tenantId, key);
    if (row?.status !== 'active') return;
    await models.reminders.markEnded(tenantId, key, 'withdrawn');
    log.info({ tenantId, note }, 'reminder withdrawn by an operator');
  };
}
