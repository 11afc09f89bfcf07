import type { ChannelName } from '../contracts/channels.js';
import type { NotificationRow } from '../models/notification-schema.js';
import { deliveryId } from '../contracts/ids.js';
import type { ActivityDependencies } from './dependencies.js';
import { configuredProviders } from './providers.js';

/** Milliseconds for one provider: it is asked within a workflow task, and what it says decides nothing. */
const TIMEOUT_MS = 4_000;

/**
 * Takes back what went out of a notification that was read elsewhere meanwhile, where the provider can do that. Nothing
 * depends on it: a provider that refuses is logged, and the message stays. Harmless when repeated.
 */
export async function takeBack(
  deps: Pick<ActivityDependencies, 'models' | 'channels' | 'credentials' | 'log'>,
  row: Pick<NotificationRow, 'tenantId' | 'id' | 'outcomes'>,
): Promise<void> {
  const { tenantId, id } = row;
  const sent = (Object.keys(row.outcomes) as ChannelName[]).filter(
    (channel) => row.outcomes[channel] === 'sent' && isRetractable(deps, channel),
  );
  if (sent.length === 0) return;
  const configured = await configuredProviders(deps, tenantId);
  await Promise.all(
    sent.map(async (channel) => {
      const delivery = await deps.models.deliveries.find(tenantId, deliveryId(id, channel));
      // Where it was seen it stays: nobody wants to see a message go at the press of its button.
      if (delivery?.clickedAt ?? delivery?.repliedAt) return;
      const messageId = delivery?.providerMessageId;
      const sending = configured.get(channel)?.find(({ name }) => name === delivery?.provider)?.sending;
      if (messageId === undefined || !sending?.channel.retract || sending.problem !== undefined) return;
      try {
        await sending.channel.retract(messageId, sending.credentials, {
          tenantId,
          signal: AbortSignal.timeout(TIMEOUT_MS),
          timeoutMs: TIMEOUT_MS,
          network: sending.network,
        });
      } catch (error) {
        deps.log.warn({ tenantId, notificationId: id, channel, err: error }, 'message not taken back');
        return;
      }
      await deps.models.notifications.addToTimelineOnce(tenantId, id, {
        at: new Date(),
        event: 'taken_back',
        detail: channel,
      });
    }),
  );
}

function isRetractable({ channels }: Pick<ActivityDependencies, 'channels'>, channel: ChannelName): boolean {
  return channels.providersOf(channel).some((sending) => 'retract' in sending);
}
