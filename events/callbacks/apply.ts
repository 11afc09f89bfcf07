import type { ChannelName } from '../../contracts/channels.js';
import type { Answer, Feedback } from '../../contracts/feedback.js';
import type { SuppressionReason } from '../../contracts/suppressions.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import type { Models } from '../../models/models.js';
import type { Logger } from '../../runtime/logger.js';
import { countBounce } from './count-bounce.js';
import type { Told } from './callback.js';

export interface FeedbackDependencies {
  models: Models;
  log: Logger;
  /** Tells a notification's run that it was seen, if it still waits. */
  acknowledge(tenantId: string, notificationId: string, by: string): Promise<void>;
}

/** An answer is to what went out within these many days. */
const ANSWERED_WITHIN_MS = 30 * 86_400_000;
/** People who share a number, at most. */
const MAX_SHARING = 20;

/**
 * Marks what became of deliveries, and does what follows of it: addresses are stopped, and a run that waits whether its
 * notification is read is told so. Harmless when repeated, in any order, and for deliveries that there are not.
 * @param provider whose callback it was; `carillon` for its own pixels and links.
 */
export async function applyTold(
  deps: FeedbackDependencies,
  tenantId: string,
  provider: string,
  { feedback, answers = [] }: Told,
): Promise<void> {
  for (const one of feedback) await applyFeedback(deps, tenantId, provider, one);
  for (const one of answers) await applyAnswer(deps, tenantId, provider, one);
}

async function applyFeedback(
  deps: FeedbackDependencies,
  tenantId: string,
  provider: string,
  told: Feedback,
): Promise<void> {
  const { models, log } = deps;
  const { deliveryId } = told;
  const row = await models.deliveries.find(tenantId, deliveryId);
  if (!row) return;
  // A provider's clock may be ahead of ours.
  const at = new Date(Math.min(told.at.getTime(), Date.now()));
  const note = (detail: string) =>
    models.notifications.addToTimelineOnce(tenantId, row.notificationId, {
      at,
      event: told.kind,
      detail: `${row.channel} via ${provider}: ${detail}`,
    });
  switch (told.kind) {
    case 'delivered': {
      const before = await models.deliveryFeedback.markDelivered(tenantId, deliveryId, at);
      if (before?.status === 'failed') await markArrived(deps, before, at);
      break;
    }
    case 'bounced': {
      if (row.bouncedAt && row.bouncedAt <= at) return;
      // Before the bounce itself: after that nothing would come back for it.
      if (told.suppress) await suppress(deps, row, told.suppress, told.addresses, told.detail);
      const { failureReason, providerMessageId } = told;
      const bounce = { failureReason, provider, providerMessageId };
      const before = await models.deliveryFeedback.markBounced(tenantId, deliveryId, at, bounce);
      if (before) await countBounce(models, before, bounce);
      await note(told.detail);
      break;
    }
    case 'delayed':
      await note(told.detail);
      break;
    case 'complained':
      await suppress(deps, row, 'complained', told.addresses, told.detail);
      await note(told.detail);
      break;
    case 'opened':
    case 'clicked':
      if (told.tracked && !(await mayTrack(deps, row))) return;
      if (told.kind === 'opened') {
        const before = await models.deliveryFeedback.markOpened(tenantId, deliveryId, at);
        if (before && !told.byMachine) await deps.acknowledge(tenantId, row.notificationId, 'opened');
      } else if (await models.deliveryFeedback.markClicked(tenantId, deliveryId, at)) {
        await deps.acknowledge(tenantId, row.notificationId, 'clicked');
      }
      break;
    case 'replied':
      await markReplied(deps, row, at);
      break;
  }
  log.info({ tenantId, deliveryId, channel: row.channel, provider, event: told.kind }, 'told of a delivery');
}

async function applyAnswer(
  deps: FeedbackDependencies,
  tenantId: string,
  provider: string,
  { kind, channel, address, at }: Answer,
): Promise<void> {
  const { suppressions } = deps.models;
  if (kind === 'started') {
    await suppressions.lift(tenantId, { channel, address }, ['opted_out', 'unsubscribed']);
    deps.log.info({ tenantId, channel, provider }, 'an address takes messages again');
    return;
  }
  const row = await latestTo(deps, tenantId, channel, address, at);
  if (kind === 'wrote') {
    if (row) await markReplied(deps, row, at);
    return;
  }
  await suppressions.add(tenantId, [
    { channel, address, reason: 'opted_out', detail: 'STOP', deliveryId: row?.id },
  ]);
  deps.log.info({ tenantId, channel, provider, reason: 'opted_out' }, 'address suppressed');
}

/** What went out last to whoever has this address. */
async function latestTo(
  { models }: FeedbackDependencies,
  tenantId: string,
  channel: ChannelName,
  address: string,
  at: Date,
): Promise<DeliveryRow | undefined> {
  const targetHash = (await models.dataKeys.vault(tenantId)).hash(address);
  const people = await models.subscribers.idsByPhone(tenantId, address, MAX_SHARING);
  const recipientIds = [...people, `address_${targetHash}`];
  const since = new Date(at.getTime() - ANSWERED_WITHIN_MS);
  return models.deliveryFeedback.latestTo(tenantId, { recipientIds, channel, targetHash }, since);
}

async function markReplied(deps: FeedbackDependencies, row: DeliveryRow, at: Date): Promise<void> {
  const { tenantId, id, notificationId } = row;
  if (await deps.models.deliveryFeedback.markReplied(tenantId, id, at))
    await deps.acknowledge(tenantId, notificationId, 'replied');
}

/** Its attempts seemed to have failed, e.g. as the answer to one was lost; it arrived all the same. */
async function markArrived({ models }: FeedbackDependencies, row: DeliveryRow, at: Date): Promise<void> {
  const { tenantId, notificationId, channel, provider } = row;
  await models.notifications.markEnded(tenantId, notificationId, { [channel]: 'sent' as const }, [
    { at, event: 'sent', detail: `${channel} via ${provider}` },
  ]);
}

async function mayTrack(
  { models }: FeedbackDependencies,
  { tenantId, recipientId }: DeliveryRow,
): Promise<boolean> {
  return (await models.preferences.find(tenantId, recipientId)).tracking;
}

/**
 * Stops the address that the delivery went to. A provider may name the one that a forwarding led to: what does not hash to
 * ours is not stopped, unless the person's own address does.
 */
async function suppress(
  { models, log }: FeedbackDependencies,
  row: DeliveryRow,
  reason: SuppressionReason,
  addresses: readonly string[],
  detail: string,
): Promise<void> {
  const { tenantId, id: deliveryId, recipientId, channel, targetHash } = row;
  const vault = await models.dataKeys.vault(tenantId);
  const isOurs = (address: string | undefined) => address !== undefined && vault.hash(address) === targetHash;
  const contact = addresses.some(isOurs)
    ? undefined
    : await models.subscribers.contact(tenantId, recipientId);
  const address = [...addresses, contact?.email, contact?.phone].find(isOurs);
  if (address === undefined) {
    log.warn({ tenantId, deliveryId, channel, reason }, 'the address that is to be stopped is not known');
    return;
  }
  await models.suppressions.add(tenantId, [{ channel, address, reason, detail, deliveryId }]);
  log.info({ tenantId, deliveryId, channel, reason }, 'address suppressed');
}
