import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelName } from '../../contracts/channels.js';
import { CarillonError } from '../../contracts/errors.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import type { CommandDependencies } from '../dependencies.js';

/** Milliseconds that a request waits for its digest by default, and between two looks. */
const LONGEST_MS = 5_000;
const LOOK_MS = 50;

/**
 * Keys of the digests in which a notification waits: none where they have taken it already, or it has left. A plan is
 * stored a moment before the digests that it names have the notification, and a broadcast's some seconds before: whoever
 * tells it something in between waits until there is a window to be told.
 * @throws CarillonError `unavailable` where that lasts.
 */
export async function untilCollected(
  deps: Pick<CommandDependencies, 'models'>,
  tenantId: string,
  notificationId: string,
  longestMs = LONGEST_MS,
): Promise<string[]> {
  const giveUpAtMs = Date.now() + longestMs;
  for (;;) {
    const keys = await collectedIn(deps, tenantId, notificationId);
    if (keys) return keys;
    if (Date.now() >= giveUpAtMs) {
      throw new CarillonError('unavailable', 'its digest is not there yet; try again', undefined, {
        retryAfterMs: 2_000,
      });
    }
    await pause(LOOK_MS);
  }
}

/** Undefined where a digest of the plan is still to get it, or to open its window. */
async function collectedIn(
  { models }: Pick<CommandDependencies, 'models'>,
  tenantId: string,
  notificationId: string,
): Promise<string[] | undefined> {
  const row = await models.notifications.find(tenantId, notificationId);
  if (!row) return [];
  const states = await models.digestItems.statesOf(tenantId, notificationId);
  if (!digestKeysOf(row).every((key) => states.has(key))) return undefined;
  const keys = [...states].flatMap(([key, state]) => (state === 'waiting' ? [key] : []));
  const { recipientId } = row;
  const windows = await Promise.all(
    keys.map((digestKey) => models.digests.findOpen({ tenantId, recipientId, digestKey })),
  );
  return windows.includes(undefined) ? undefined : keys;
}

function digestKeysOf({ plan, outcomes }: NotificationRow): string[] {
  return Object.entries(plan.channels).flatMap(([channel, decision]) =>
    decision.action === 'digest' && outcomes[channel as ChannelName] === 'digesting'
      ? [decision.digestKey]
      : [],
  );
}
