import type { ChannelName } from '../contracts/channels.js';
import type { SettleOutcome, SettleRequest } from '../contracts/notification-run.js';
import type { ChannelOutcomes } from '../contracts/outcomes.js';
import type { ActivityDependencies } from './dependencies.js';
import { takeBack } from './take-back.js';

/**
 * Ends what has not gone out: the person has seen it, or somebody cancelled it. What was sent stays sent, in the log
 * and in the status, though a message that was seen elsewhere is taken back where its provider can.
 */
export function createSettle(deps: ActivityDependencies) {
  return async function settle(request: SettleRequest): Promise<SettleOutcome> {
    const { tenantId, notificationId, as } = request;
    await deps.models.deliveries.endOpen(tenantId, notificationId, 'cancelled', as);
    const row = await deps.models.notifications.find(tenantId, notificationId);
    if (!row) return { status: 'cancelled', outcomes: {} };
    if (as === 'acknowledged') await takeBack(deps, row);
    const open = (Object.keys(row.outcomes) as ChannelName[]).filter(
      (channel) => row.outcomes[channel] === 'open',
    );
    if (Object.values(row.outcomes).includes('digesting')) {
      open.push(...(await deps.models.digestItems.leave(tenantId, notificationId)));
    }
    const entry = {
      at: new Date(),
      event: as,
      ...(request.note === undefined ? {} : { detail: request.note }),
    };
    if (open.length === 0) {
      if (row.escalation?.nextAt)
        await deps.models.notifications.endEscalation(tenantId, notificationId, entry);
      return { status: row.status, outcomes: row.outcomes };
    }
    const ended: ChannelOutcomes = Object.fromEntries(open.map((channel) => [channel, as]));
    const settled = await deps.models.notifications.markEnded(tenantId, notificationId, ended, [entry]);
    if (row.escalation?.nextAt) await deps.models.notifications.endEscalation(tenantId, notificationId);
    return { status: settled?.status ?? row.status, outcomes: settled?.outcomes ?? row.outcomes };
  };
}
