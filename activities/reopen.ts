import type { RedeliverAsk, Refusal, ReopenOutcome } from '../contracts/redelivery.js';
import type { DeliveryRow } from '../models/delivery-schema.js';
import type { NotificationRow } from '../models/notification-schema.js';
import type { ActivityDependencies } from './dependencies.js';
import { endOf } from './ledger.js';
import { readFacts } from './planning-facts.js';
import { plannedRetry } from './planned-retry.js';
import { reaching } from './providers.js';
import { openTrigger } from './stored-trigger.js';

const DAY_MS = 86_400_000;

/**
 * Puts a failed delivery back to `pending`, and its notification to `sending`, for a new round of attempts: the failures
 * before it do not count any more. Keyed by the round: the same again finds its delivery open, or as that round left it.
 * Whether it may still be sent is for `deliver` to ask, as always; here only what makes another attempt senseless.
 */
export function createReopen(deps: ActivityDependencies) {
  const { deliveries, deliveryRedrives, notifications, tenants } = deps.models;

  return async function reopen(ask: RedeliverAsk): Promise<ReopenOutcome> {
    const { tenantId, notificationId, deliveryId, round, redriveId } = ask;
    const [delivery, notification, tenant] = await Promise.all([
      deliveries.find(tenantId, deliveryId),
      notifications.find(tenantId, notificationId),
      tenants.find(tenantId),
    ]);
    if (!delivery || !notification || !tenant || delivery.notificationId !== notificationId)
      return refuse(ask, 'gone', notification);
    if (delivery.round !== round) {
      const reason = refusalOf(delivery, notification, ask);
      if (reason) return refuse(ask, reason, notification);
      const purgeAt = new Date(Date.now() + tenant.retention.deliveryDays * DAY_MS);
      const opened = await deliveries.reopen(tenantId, deliveryId, { round, redriveId, purgeAt });
      if (!opened) return refuse(ask, 'not_failed', notification);
    }
    return take(ask, { delivery, notification });
  };

  /** What is known of the opened delivery; the notification is brought in line, where a crash came between. */
  async function take(
    { tenantId, notificationId, by, round }: RedeliverAsk,
    before: { delivery: DeliveryRow; notification: NotificationRow },
  ): Promise<ReopenOutcome> {
    const { channel, id } = before.delivery;
    const isRepeated = before.delivery.round === round;
    const entry = {
      at: new Date(),
      event: 'retried',
      detail: `${channel}${by === undefined ? '' : `: ${by}`}`,
    };
    const isOpen = !isRepeated || endOf(before.delivery) === undefined;
    const written = isOpen
      ? await notifications.markReopened(tenantId, notificationId, channel, isRepeated ? [] : [entry])
      : undefined;
    const row = written ?? before.notification;
    const vault = await deps.models.dataKeys.vault(tenantId);
    const { facts, providers } = await readFacts(deps, row, openTrigger(vault, row.trigger));
    const [way] = reaching(providers, channel, facts.contact);
    return {
      status: 'reopened',
      delivery: {
        deliveryId: id,
        channel,
        provider: way?.provider.name ?? before.delivery.provider,
        firstAttemptInTask: false,
        ...plannedRetry(facts.tenant, channel),
      },
      outcomes: row.outcomes,
      ...(row.expiresAt ? { expiresAtMs: row.expiresAt.getTime() } : {}),
    };
  }

  async function refuse(
    { tenantId, deliveryId, redriveId }: RedeliverAsk,
    reason: Refusal,
    notification: NotificationRow | undefined,
  ): Promise<ReopenOutcome> {
    if (redriveId !== undefined) await deliveryRedrives.markSkipped(tenantId, redriveId, deliveryId);
    return { status: 'refused', reason, ...(notification ? { notification: notification.status } : {}) };
  }
}

/** Whoever asks for one delivery by its ID wants it sent even where the person has read it elsewhere. */
function refusalOf(
  delivery: DeliveryRow,
  notification: NotificationRow,
  { redriveId }: RedeliverAsk,
): Refusal | undefined {
  if (delivery.channel === 'in_app') return 'stored';
  if (Object.values(notification.outcomes).includes('cancelled')) return 'cancelled';
  if (notification.box === 'deleted') return 'retracted';
  if (redriveId !== undefined && notification.readAt) return 'read';
  return undefined;
}
